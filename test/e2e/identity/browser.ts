/** What a browser does with redirects, cookies and forms, for tests without one. Cookies are kept by origin. */
export class SmallBrowser {
  readonly #jars = new Map<string, Map<string, string>>();

  /** One request with the cookies of its place; redirects are not followed. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.cookiesOf(url);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#take(jar, line);
    return response;
  }

  /** Follows redirects until `until` says so of an address, which is not asked for then, or there is a page. */
  async follow(
    from: string,
    until: (url: string) => boolean = () => false,
  ): Promise<{ url: string; page: string }> {
    let url = from;
    for (let steps = 0; steps < 20; steps += 1) {
      if (until(url)) return { url, page: '' };
      const response = await this.send(url);
      const location = response.headers.get('location');
      if (location === null) return { url, page: await response.text() };
      url = new URL(location, url).href;
    }
    throw new Error('too many redirects');
  }

  /** Sends a form as a page of that place does. */
  post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const body = new URLSearchParams(fields);
    return this.send(url, { method: 'POST', body, headers: { origin: new URL(url).origin, ...headers } });
  }

  cookiesOf(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    return jar;
  }

  #take(jar: Map<string, string>, line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const equals = pair.indexOf('=');
    const isOver = attributes.some((one) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(one));
    if (isOver) jar.delete(pair.slice(0, equals));
    else jar.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
}
