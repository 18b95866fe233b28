import { type ApprovalToolHouse, createApprovalTool } from '../pipeline/approval-tool.js';
import { createLimitsTool, type LimitsToolHouse } from '../pipeline/limits-tool.js';
import type { OwnTool } from '../upstreams/own-tools.js';
import type { EffectiveConfig } from './config/effective-config.js';
import { holdLink } from './hold-link.js';

interface OwnToolsHouse extends LimitsToolHouse, Pick<ApprovalToolHouse, 'approvals'> {}

/** How many tools of its own the configuration has the gateway offer. */
export function ownToolsIn({ limits, approvals }: EffectiveConfig): number {
  return Number(limits.tool) + Number(approvals.tool);
}

/** The tools that the gateway offers of its own, as the configuration in force wants them. */
export function ownTools(
  config: () => EffectiveConfig,
  house: () => OwnToolsHouse,
): () => readonly OwnTool[] {
  const limits = createLimitsTool(house);
  const linkTo = (hold: string) => holdLink(config(), hold);
  const approval = createApprovalTool(() => ({ ...house(), linkTo }));
  return () => [...(config().limits.tool ? [limits] : []), ...(config().approvals.tool ? [approval] : [])];
}
