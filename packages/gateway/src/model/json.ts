/** A JSON value after strict parsing. Integers outside ±(2^53−1) are `bigint`; objects have no prototype surprises. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;

export interface JsonObject {
  [name: string]: JsonValue;
}

/**
 * A value together with the exact text it was parsed from.
 * Invariant: `text` is strict JSON (no duplicate names, no `__proto__`) and means exactly `value`,
 * so the text may be relayed as it came while policy and record look at the value.
 */
export interface JsonText {
  readonly text: string;
  readonly value: JsonValue;
}

export interface JsonObjectText extends JsonText {
  readonly value: JsonObject;
}
