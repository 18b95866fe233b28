import type { Context } from 'hono';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly status?: ContentfulStatusCode;
  /** Who is signed in, and what takes them out again. */
  readonly signedIn?: Markup | undefined;
}

/** No inline script, no frame, no other server. */
const contentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/**
 * No address of a page goes to other servers. `no-referrer` would also take the origin from the page's own forms, by which
 * they are told from those of others.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentPolicy,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
};

export async function pageReply(
  context: Context,
  { title, body, status = 200, signedIn }: Page,
): Promise<Response> {
  const text = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="/approve/page.css">
<script src="/approve/page.js" defer></script>
</head>
<body>
<header><strong>Sallyport</strong>${signedIn ?? ''}</header>
<main>
${body}
</main>
</body>
</html>`;
  return context.html(text, status, pageHeaders);
}
