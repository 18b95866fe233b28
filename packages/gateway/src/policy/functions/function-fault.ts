import { EvaluationError } from '@marcbachmann/cel-js';

/** Names no value of the call: faults are recorded where arguments may not be. */
export const functionFaultCode = 'sallyport_function';

/** A value about which a function says neither yes nor no; the rule then denies. `what` completes "the value ...". */
export function functionFault(what: string): EvaluationError {
  return new EvaluationError({ code: functionFaultCode, message: what });
}
