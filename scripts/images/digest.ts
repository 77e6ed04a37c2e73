import { parseImage } from './reference.ts';

/** The list of platforms first: one digest for all of them. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface DigestOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** Origin of a registry. */
  readonly originOf?: (registry: string) => string;
}

/**
 * The digest of what a tag names now (OCI distribution specification, section "Pulling manifests"), without pulling it.
 *
 * @throws Error naming the image, when the registry does not have it or does not answer as it should
 */
export async function resolveDigest(image: string, options: DigestOptions = {}): Promise<string> {
  const { fetch = globalThis.fetch, originOf = (registry) => `https://${registry}` } = options;
  const { registry, repository, tag } = parseImage(image);
  const url = `${originOf(registry)}/v2/${repository}/manifests/${tag}`;
  const ask = (authorization?: string): Promise<Response> =>
    fetch(url, {
      method: 'HEAD',
      headers: { accept: MANIFESTS, ...(authorization === undefined ? {} : { authorization }) },
      signal: AbortSignal.timeout(30_000),
    });
  let response = await ask();
  if (response.status === 401) {
    response = await ask(`Bearer ${await anonymousToken(response.headers.get('www-authenticate') ?? '', fetch)}`);
  }
  const digest = response.headers.get('docker-content-digest') ?? '';
  if (!response.ok) throw new Error(`${image}: the registry answers ${response.status}.`);
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`${image}: the registry names no digest.`);
  return digest;
}

/** Public images want a token as well, which anybody gets. */
async function anonymousToken(challenge: string, fetch: typeof globalThis.fetch): Promise<string> {
  const field = (name: string): string | undefined => new RegExp(`${name}="([^"]+)"`).exec(challenge)?.[1];
  const realm = field('realm');
  if (realm === undefined) throw new Error(`The registry asks for something else than a token: ${challenge}`);
  const url = new URL(realm);
  for (const name of ['service', 'scope']) {
    const value = field(name);
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  const { token, access_token: accessToken } = (await response.json()) as { token?: string; access_token?: string };
  const found = token ?? accessToken;
  if (found === undefined) throw new Error(`${url.origin} gives no token.`);
  return found;
}
