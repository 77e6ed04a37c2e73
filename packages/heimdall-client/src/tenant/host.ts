/**
 * A host name in the form in which hosts are compared: lower case, punycode, without port and without the dot at the end. `undefined` for
 * whatever is not one plain host, so that it can be refused.
 */
export function parseHost(value: string): string | undefined {
  if (value.length > 260 || /[\s/\\@?#%,]/.test(value)) return undefined;
  const url = `http://${value}/`;
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  const host = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  return host === '' ? undefined : host;
}
