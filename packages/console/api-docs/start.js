// Nothing is sent anywhere but to this gateway: no validator, and no key is kept.
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#document',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
});
