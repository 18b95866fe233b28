import type { WorkBudget } from './work-budget.js';

/** What functions are made from, once per policy. */
export interface FunctionTools {
  /** What one decision may spend on texts. */
  readonly work: WorkBudget;
}

export type FunctionAnswer = boolean | bigint | number | string;

/** A function of conditions. */
export interface CelFunction {
  /** As people write it. */
  readonly name: string;
  /**
   * The name under which the library knows it, where the library has a function of that name already, which cannot be
   * replaced. As long as `name`, so that offsets in the text stay true.
   */
  readonly alias?: string;
  /** CEL signatures, with `alias` where there is one, and what they do. `run` may throw functionFault. */
  readonly overloads: Readonly<Record<string, (...values: never[]) => FunctionAnswer>>;
  /** An argument that is checked at load where it is written out. */
  readonly argument?: CheckedArgument;
}

export interface CheckedArgument {
  /** Which of the arguments, the receiver of a method not counted. */
  readonly index: number;
  /** What it is, for messages. */
  readonly noun: string;
  /** Whether it must be written out, because it is compiled. */
  readonly literal: boolean;
  /** Throws an Error whose message completes `"text" ...`. */
  readonly check: (text: string) => void;
}
