import { checkParams, textParam } from './call-params.js';
import type { Exchange } from './exchange.js';
import { logLevels } from './log-level.js';
import type { RequestMessage } from './message.js';
import { excerpt, wrongParams } from './protocol-fault.js';
import { type Reply, resultReply } from './reply.js';

const known = new Set(['level', '_meta']);

/** Answers `logging/setLevel`: what is said on the streams of the session from now on. Without a session it ends here. */
export function setLogLevel(request: RequestMessage, exchange: Exchange): Reply {
  const level = textParam(request, 'level');
  checkParams(request, known);
  if (!logLevels.includes(level)) {
    throw wrongParams(
      `"level" must be one of ${logLevels.join(', ')}, found ${JSON.stringify(excerpt(level))}`,
    );
  }
  exchange.conversation?.setLogLevel(level);
  return resultReply('{}');
}
