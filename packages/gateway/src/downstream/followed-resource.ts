/** Longer URIs are followed only as they are written. */
const longestDivided = 4096;

/** Whether a change of the resource is for whoever follows these: servers may also name a part of what is followed. */
export function isFollowed(uri: string, followed: ReadonlySet<string>): boolean {
  if (followed.has(uri)) return true;
  if (followed.size === 0 || uri.length > longestDivided) return false;
  for (let at = 1; at < uri.length; at += 1) {
    if (!dividers.includes(uri.charAt(at))) continue;
    if (followed.has(uri.slice(0, at)) || followed.has(uri.slice(0, at + 1))) return true;
  }
  return false;
}

const dividers = '/?#';
