/** Texts written in conditions are few; those made from arguments must not pile up. */
const mostRemembered = 1_000;

/** The same function, which parses a text once and not with every call. What it throws is not remembered. */
export function remembered<Value extends object>(parse: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = parse(text);
    if (known.size >= mostRemembered) known.clear();
    known.set(text, value);
    return value;
  };
}
