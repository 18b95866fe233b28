export { type ChannelSubject, channelSuite } from './channel-suite.js';
export { type EvaluatorSubject, evaluatorSuite, type SuiteCase } from './evaluator-suite.js';
