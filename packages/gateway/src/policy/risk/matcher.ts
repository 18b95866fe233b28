/** What happens where an argument is missing, or is of a type that cannot be compared. `review` unless it is said. */
export type WhenMissing = 'match' | 'no_match' | 'review' | 'block';

/** The name of an argument; dots in a text, or the entries of a list, lead into objects. */
export type ContextKey = string | readonly string[];

export type Names = string | readonly string[];

export type Scalar = string | number | boolean;

interface Test {
  readonly key: ContextKey;
  readonly whenMissing?: WhenMissing | undefined;
}

interface NumberTest extends Test {
  readonly value: number;
}

/** What a risk rule is about, as it is configured; all members must hold, and none of them is about every call. */
export interface Matcher {
  readonly all?: readonly Matcher[] | undefined;
  readonly any?: readonly Matcher[] | undefined;
  readonly not?: Matcher | undefined;
  readonly system?: Names | undefined;
  readonly action?: Names | undefined;
  readonly destination?: Names | undefined;
  readonly actor?: Names | undefined;
  readonly tool?: Names | undefined;
  readonly contextGt?: NumberTest | undefined;
  readonly contextGte?: NumberTest | undefined;
  readonly contextLt?: NumberTest | undefined;
  readonly contextLte?: NumberTest | undefined;
  readonly contextEq?: (Test & { readonly value: Scalar }) | undefined;
  readonly contextIn?: (Test & { readonly values: readonly Scalar[] }) | undefined;
  readonly contextRegex?: (Test & { readonly pattern: string }) | undefined;
  readonly contextExists?: ContextKey | undefined;
}
