/** A service, as the configuration describes it. */
export interface Destination {
  /** https, or http to this machine; to another one only with `plainHttp`. */
  readonly url: string;
  /** Addresses and ranges besides public ones and, for a URL of this machine, its own. */
  readonly addresses?: readonly string[];
  readonly plainHttp?: boolean;
  /** Values may hold references: `Bearer ${env:TOKEN}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A reference to the secret that signs each request: `env:NAME`. */
  readonly signWith?: string;
}

/** One service. Rejects for what cannot be sent, is not answered in time, or is answered at too great a length. */
export interface Endpoint {
  /** Posts JSON text; redirects are answers. */
  post(body: string, limits: { timeoutMs: number; maxBytes: number }): Promise<EndpointReply>;
}

export interface EndpointReply {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}
