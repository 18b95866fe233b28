/** What happens to upstreams, for the trail and for whoever must look again when tools change. */
export type UpstreamEvent =
  | { readonly kind: 'up'; readonly upstream: string; readonly revision: string; readonly tools: number }
  | { readonly kind: 'down'; readonly upstream: string; readonly reason: string }
  | {
      readonly kind: 'tool_rejected';
      readonly upstream: string;
      readonly tool: string;
      readonly reason: string;
    }
  /** The catalogue changed; `revision` is its new number. */
  | { readonly kind: 'tools_changed'; readonly revision: number };
