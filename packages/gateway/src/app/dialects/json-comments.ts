/** JSON with its comments and trailing commas made blank, so that every other character keeps its place. */
export function withoutComments(text: string): string {
  const tokens = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  const plain = text.replace(tokens, (token) => (token.startsWith('"') ? token : blank(token)));
  const commas = /"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g;
  return plain.replace(commas, (token) => (token === ',' ? ' ' : token));
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
