/** What an upstream says that belongs to no call: on a stream of its own, or about a session as a whole. */
export interface UpstreamNews {
  readonly upstream: string;
  /** Whose session it came on; `everyone` where the upstream keeps no session for anybody. */
  readonly owner: NewsOwner;
  readonly method: string;
  /** Raw JSON text; `{}` where there were none. */
  readonly params: string;
}

export type NewsOwner =
  | 'everyone'
  | {
      readonly tenant: string;
      /** The principal's id. */
      readonly principal: string;
      /** The client's MCP session, where the upstream session belongs to one client session alone. */
      readonly session?: string | undefined;
    };

/** What is relayed besides changes of lists, which the gateway tells in its own words. */
export const newsMethods = [
  'notifications/message',
  'notifications/resources/updated',
  'notifications/elicitation/complete',
  'notifications/tasks/status',
  'notifications/tasks',
] as const;

/** Those that name the one resource or task that they are about: only who follows that hears of it. */
export const newsAboutOne: ReadonlySet<string> = new Set([
  'notifications/resources/updated',
  'notifications/tasks/status',
  'notifications/tasks',
]);
