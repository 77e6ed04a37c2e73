import { HeimdallError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { secureUrl } from '../option-rules.ts';
import { discover } from './discovery.ts';
import type { DocumentReader } from './document.ts';

/** Metadata is read again after this time. Milliseconds. */
const freshMs = 600_000;

/** The places an issuer names in its metadata. */
export interface MetadataSource {
  /**
   * The URL under a name such as `jwks_uri`.
   *
   * @throws HeimdallError `unavailable` when the issuer cannot be asked, or names no acceptable URL
   */
  urlOf(name: string): Promise<string>;
}

/** What reading metadata needs. */
export interface MetadataOptions {
  readonly issuer: string;
  readonly read: DocumentReader;
  readonly now: () => number;
  readonly allowHttp: boolean;
}

/** Creates the source of one issuer. One request at a time; failures are not remembered. */
export function createMetadataSource({ issuer, read, now, allowHttp }: MetadataOptions): MetadataSource {
  let known: { metadata: Promise<JsonObject>; at: number } | undefined;

  function current(): Promise<JsonObject> {
    if (known && now() - known.at < freshMs) return known.metadata;
    const metadata = discover(issuer, read);
    const entry = { metadata, at: now() };
    known = entry;
    metadata.catch(() => {
      if (known === entry) known = undefined;
    });
    return metadata;
  }

  return {
    async urlOf(name) {
      const value = (await current())[name];
      try {
        return secureUrl(name, value, allowHttp);
      } catch (cause) {
        const message = `The metadata of ${issuer} has no acceptable "${name}".`;
        throw new HeimdallError('unavailable', message, { cause });
      }
    },
  };
}
