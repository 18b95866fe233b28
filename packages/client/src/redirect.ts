import { SallyportError } from './sallyport-error.js';

/**
 * The answer, unless it sends the client elsewhere: a gateway never does, and whoever stands there would get the key and
 * the arguments. Browsers do not say where it leads (`opaqueredirect`).
 */
export async function refuseRedirect(response: Response): Promise<Response> {
  const { status, type, redirected, headers } = response;
  const leadsAway = type === 'opaqueredirect' || redirected || (status >= 300 && status < 400);
  if (!leadsAway) return response;
  await response.body?.cancel();
  const where = headers.get('location');
  const place = where === null ? 'elsewhere' : `to ${where.slice(0, 200)}`;
  throw new SallyportError({
    status,
    code: 'invalid_reply',
    detail: `What stands at this address leads ${place}; give the address of the gateway itself.`,
    requestId: headers.get('x-request-id') ?? undefined,
  });
}
