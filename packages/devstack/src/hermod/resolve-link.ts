/**
 * The URL of a GRIP link.
 *
 * @param uri absolute, or relative to `base`
 * @throws Error when it is not an http(s) URL
 */
export function resolveLink(uri: string | undefined, base: URL): URL | undefined {
  if (uri === undefined) return undefined;
  if (!URL.canParse(uri, base)) throw new Error(`the link ${JSON.stringify(uri)} is not a URL`);
  const url = new URL(uri, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`the link ${JSON.stringify(uri)} is neither http nor https`);
  }
  return url;
}
