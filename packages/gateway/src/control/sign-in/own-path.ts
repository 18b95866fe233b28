/** Pages of the gateway that somebody may be led back to: `/console`, `/approve/…`, `/docs` and what is below them. */
const pages = /^\/(console|approve|docs)(\/[A-Za-z0-9._~%-]+)*\/?$/;

/** The path as it was given; undefined for every place that is no page of ours, here or elsewhere. */
export function ownPath(path: string): string | undefined {
  return pages.test(path) && !/(^|\/)\.\.?(\/|$)|%2e|%2f|%5c/i.test(path) && path.length <= 512
    ? path
    : undefined;
}
