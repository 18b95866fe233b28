import { CallbackFault, ChannelFault, defineApprovalChannel } from '../../approvals/approval-channel.js';
import { defineEvaluator, EvaluatorFault } from '../../policy/evaluator-plugin.js';
import * as matchers from '../../policy/risk/build-matchers.js';
import { Wave } from '../../policy/risk/wave.js';
import { defineConfig } from './define-config.js';

/** What configuration files in code can import of this package even where nothing is installed, by module. */
export const configModules = {
  sallyport: { defineConfig, Wave, ...matchers },
  'sallyport/plugin': { CallbackFault, ChannelFault, defineApprovalChannel, defineEvaluator, EvaluatorFault },
} as const;
