import type { Call } from '../../packages/gateway/src/model/call.js';
import type { ClientAnswer, UpstreamQuestion } from '../../packages/gateway/src/model/client.js';
import { result, type Scene } from './house.js';

export const form = { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } };
export const page = {
  mode: 'url',
  message: 'Log in',
  url: 'https://id.example/login?token=one-time',
  elicitationId: 'e',
};

export const ruled = {
  default: 'deny',
  rules: [
    { id: 'tool', match: { tools: ['transfer'] }, effect: 'allow' },
    { id: 'may-ask', match: { methods: ['elicitation/create'] }, effect: 'allow' },
  ],
} as const;

const everything = '{"elicitation":{"form":{},"url":{}},"sampling":{},"roots":{}}';

export interface Play {
  readonly asked: UpstreamQuestion[];
  readonly answers: ClientAnswer[];
  readonly call: Partial<Call>;
  readonly scene: Scene;
}

/** An upstream that asks these things in turn, and a client that answers. */
export function play(
  questions: readonly (readonly [UpstreamQuestion['method'], object])[],
  { answer = '{"action":"accept","content":{"pin":"0000"}}', capabilities = everything } = {},
): Play {
  const asked: UpstreamQuestion[] = [];
  const answers: ClientAnswer[] = [];
  return {
    asked,
    answers,
    call: {
      client: { capabilities, asker: 'me' },
      ask: async (question) => {
        asked.push(question);
        return { kind: 'result', result: result(answer) };
      },
    },
    scene: {
      answer: async ({ ask }) => {
        for (const [method, params] of questions) {
          const signal = new AbortController().signal;
          const said = await ask?.({ method, params: result(JSON.stringify(params)), signal });
          if (said !== undefined) answers.push(said);
        }
        return { kind: 'result', result: result('{"content":[]}') };
      },
    },
  };
}
