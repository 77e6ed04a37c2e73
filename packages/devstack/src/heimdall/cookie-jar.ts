/** The cookies of one scripted browser. */
export interface CookieJar {
  /** Takes over what a response sets. */
  store(url: URL, headers: Headers): void;
  /** Value of the Cookie header for a request, or `undefined`. */
  headerFor(url: URL): string | undefined;
}

interface Cookie {
  readonly host: string;
  readonly path: string;
  readonly value: string;
}

/** Creates an empty jar. It knows hosts, paths and deletion, which is what a login needs (RFC 6265 section 5). */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    store(url, headers) {
      for (const line of headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
        const name = pair.slice(0, pair.indexOf('='));
        const value = pair.slice(pair.indexOf('=') + 1);
        const path = attributeOf(attributes, 'path') ?? '/';
        const key = `${url.host} ${path} ${name}`;
        if (isOver(attributes)) cookies.delete(key);
        else cookies.set(key, { host: url.host, path, value: `${name}=${value}` });
      }
    },
    headerFor(url) {
      const sent = [...cookies.values()].filter(({ host, path }) => host === url.host && isBelow(url.pathname, path));
      return sent.length === 0 ? undefined : sent.map(({ value }) => value).join('; ');
    },
  };
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  return attributes.find((attribute) => attribute.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
}

function isOver(attributes: readonly string[]): boolean {
  if (attributeOf(attributes, 'max-age') === '0') return true;
  const expires = attributeOf(attributes, 'expires');
  return expires !== undefined && Date.parse(expires) <= 0;
}

function isBelow(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);
}
