export { type EvaluatorSubject, evaluatorSuite, type SuiteCase } from './evaluator-suite.js';
