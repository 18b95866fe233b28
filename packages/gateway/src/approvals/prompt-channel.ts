import type { ApprovalChannel, ChannelContext, ChannelNotice } from './approval-channel.js';
import { PromptQueue } from './prompt-queue.js';
import type { TerminalDevice } from './terminal-device.js';

/** A channel to whoever sits at a terminal, which is opened with the first question and closed with the channel. */
export function promptChannel(
  { answer, after }: Pick<ChannelContext, 'answer' | 'after'>,
  openTerminal: () => TerminalDevice | undefined,
): ApprovalChannel {
  let terminal: TerminalDevice | undefined;
  let queue: PromptQueue | undefined;
  const opened = (): PromptQueue | undefined => {
    terminal ??= openTerminal();
    if (terminal === undefined) return undefined;
    const interrupt = (): void => void process.kill(process.pid, 'SIGINT');
    queue ??= new PromptQueue({ terminal, after, answer, interrupt });
    return queue;
  };
  return {
    live: true,
    async tell(notice: ChannelNotice) {
      if (notice.view.state === 'pending') opened()?.ask(notice);
      else queue?.over(notice);
      return undefined;
    },
    close() {
      queue?.close();
      terminal?.close();
    },
  };
}
