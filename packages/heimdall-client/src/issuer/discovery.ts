import { HeimdallError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { DocumentReader } from './document.ts';

/**
 * Where an issuer may publish its metadata: OpenID Connect Discovery section 4, RFC 8414 section 3, and the OpenID form with the path moved behind the
 * well-known part (RFC 8414 section 5).
 */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    ...new Set([
      `${origin}${path}/.well-known/openid-configuration`,
      `${origin}/.well-known/oauth-authorization-server${path}`,
      `${origin}/.well-known/openid-configuration${path}`,
    ]),
  ];
}

/**
 * Reads the metadata of an issuer from the first place that has it.
 *
 * @throws HeimdallError `unavailable` when there is none, or when it belongs to another issuer (RFC 8414 section 3.3)
 */
export async function discover(issuer: string, read: DocumentReader): Promise<JsonObject> {
  for (const url of metadataUrls(issuer)) {
    const metadata = await read(url);
    if (metadata === undefined) continue;
    if (metadata.issuer === issuer) return metadata;
    throw new HeimdallError('unavailable', `The metadata at ${url} belongs to another issuer than ${issuer}.`);
  }
  throw new HeimdallError('unavailable', `The issuer ${issuer} publishes no metadata: set the option "jwksUri".`);
}
