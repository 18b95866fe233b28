/** Any run of characters, and any one character. */
const run = Symbol('run');
const one = Symbol('one');

/** Names that share an outline: characters as they are, and gaps. */
export type Outline = readonly (string | typeof run | typeof one)[];

/** The outline of a glob without braces: `*` is a run, `?` one character. */
export function outlineOf(glob: string): Outline {
  return Array.from(glob, (character) => (character === '*' ? run : character === '?' ? one : character));
}

/** The outline of everything that a URI template (RFC 6570) can stand for: each expression is a run. */
export function outlineOfTemplate(template: string): Outline {
  return template
    .split(/\{[^{}]*\}/)
    .flatMap((text, index) => (index === 0 ? charactersOf(text) : [run, ...charactersOf(text)]));
}

/** As code points, like those of a glob. */
function charactersOf(text: string): string[] {
  return Array.from(text);
}

/** Whether every name of `names` fits `pattern`. Never wrongly true; may be false for patterns that say the same in other words. */
export function covers(pattern: Outline, names: Outline): boolean {
  let at = 0;
  let inNames = 0;
  let star = -1;
  let resume = 0;
  while (inNames < names.length) {
    const part = pattern[at];
    const found = names[inNames];
    if (part === run) {
      star = at++;
      resume = inNames;
    } else if (part !== undefined && (part === found || (part === one && found !== run))) {
      at++;
      inNames++;
    } else if (star !== -1) {
      at = star + 1;
      inNames = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === run) at++;
  return at === pattern.length;
}

/** Whether there is a name that fits both. Takes time proportional to the product of their lengths. */
export function overlaps(left: Outline, right: Outline): boolean {
  // reachable[j]: the parts of `left` so far and the first j parts of `right` have a name in common.
  let reachable = [true];
  for (let j = 1; j <= right.length; j++) reachable[j] = right[j - 1] === run && reachable[j - 1] === true;
  for (const part of left) {
    const next = [part === run && reachable[0] === true];
    for (let j = 1; j <= right.length; j++) {
      const other = right[j - 1];
      next[j] =
        part === run || other === run
          ? reachable[j] === true || next[j - 1] === true
          : reachable[j - 1] === true && (part === other || part === one || other === one);
    }
    reachable = next;
  }
  return reachable[right.length] === true;
}
