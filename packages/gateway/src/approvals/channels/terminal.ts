import { channelOptions } from '#contract';
import { defineApprovalChannel } from '../approval-channel.js';
import { promptChannel } from '../prompt-channel.js';
import { openTerminal } from '../terminal-device.js';

/** Asks at the terminal from which this process was started; where there is none, calls wait elsewhere. */
export const terminal = defineApprovalChannel({
  name: 'terminal',
  options: channelOptions.terminal,
  create: (_options, context) => promptChannel(context, openTerminal),
});
