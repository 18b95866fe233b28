import type { ListedKind } from './import-definitions.js';

/** The lists that clients keep and hear changes of; resource templates belong to the resources. */
export type ListName = 'tools' | 'prompts' | 'resources';

/** What happens to upstreams, for the trail and for whoever must look again when lists change. */
export type UpstreamEvent =
  | { readonly kind: 'up'; readonly upstream: string; readonly revision: string; readonly tools: number }
  | { readonly kind: 'down'; readonly upstream: string; readonly reason: string }
  /** Something that an upstream offers is left out: a tool, or what `what` says. */
  | {
      readonly kind: 'tool_rejected';
      readonly upstream: string;
      readonly what: ListedKind;
      /** The name, or for resources the URI, as the upstream wrote it. */
      readonly name: string;
      readonly reason: string;
    }
  /** The catalogue changed; `revision` is its new number, `lists` are those that callers see change. */
  | { readonly kind: 'catalogue_changed'; readonly revision: number; readonly lists: readonly ListName[] };
