/** What becomes of a URI that several upstreams list, where they are listed together. */
export type CollisionRule = 'first' | 'refuse' | 'prefix';

const uiForm = /^ui:\/\/sallyport\.([a-z0-9-]+)\/(.*)$/s;
const otherForm = /^sallyport\.([a-z0-9-]+)\+(.*)$/s;

/** A URI, or a template of URIs, of one upstream. */
export interface OwnUri {
  readonly upstream: string;
  readonly uri: string;
}

/**
 * The gateway form of a URI, by which it is this upstream's whoever else lists it: `sallyport.files+file:///a` for
 * `file:///a`. Of MCP Apps it keeps the scheme, as hosts look at it: `ui://sallyport.files/a` for `ui://a`.
 */
export function gatewayUri({ upstream, uri }: OwnUri): string {
  return uri.startsWith('ui://')
    ? `ui://sallyport.${upstream}/${uri.slice(5)}`
    : `sallyport.${upstream}+${uri}`;
}

/** What a gateway form stands for; undefined for every other text. */
export function takenBack(text: string): OwnUri | undefined {
  const [, upstream, rest] = uiForm.exec(text) ?? otherForm.exec(text) ?? [];
  if (upstream === undefined || rest === undefined) return undefined;
  const own = { upstream, uri: text.startsWith('ui://') ? `ui://${rest}` : rest };
  return gatewayUri(own) === text ? own : undefined;
}

/**
 * How callers write each of these, in order: as the upstream does, unless that is taken by one before, or could be taken
 * for the gateway form of another.
 */
export function exposedUris(own: readonly OwnUri[], rule: CollisionRule): string[] {
  if (rule !== 'prefix') return own.map(({ uri }) => uri);
  const firsts = new Map<string, string>();
  return own.map(({ upstream, uri }) => {
    const first = firsts.get(uri) ?? upstream;
    firsts.set(uri, first);
    return first === upstream && takenBack(uri) === undefined ? uri : gatewayUri({ upstream, uri });
  });
}
