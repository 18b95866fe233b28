import type { Context } from 'hono';

/** In bytes: arguments of 65,536 characters, each written in up to nine. */
const longestForm = 640_000;

/** The fields of a form of ours; undefined for what is none, is too long or has a field twice that comes once. */
export async function readForm(
  { req }: Context,
  several: readonly string[],
): Promise<URLSearchParams | undefined> {
  const type = req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req.raw.body ?? []) {
    size += chunk.length;
    if (size > longestForm) return undefined;
    chunks.push(chunk);
  }
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  const odd = [...form.keys()].some((name) => !several.includes(name) && form.getAll(name).length > 1);
  return odd ? undefined : form;
}
