import type { JSONWebKeySet } from 'jose';
import { HeimdallError } from '../errors.ts';
import type { DocumentReader } from './document.ts';
import { createKeySource, type KeySource } from './keys.ts';
import type { MetadataSource } from './metadata.ts';

/** Where an issuer's keys come from. */
export interface RemoteKeysOptions {
  readonly jwksUri: string | undefined;
  readonly metadata: MetadataSource;
  readonly read: DocumentReader;
  readonly now: () => number;
}

/** Creates the key source of an issuer that publishes its keys, at `jwksUri` or where its metadata says. */
export function createRemoteKeys({ jwksUri, metadata, read, now }: RemoteKeysOptions): KeySource {
  return createKeySource(async () => {
    const url = jwksUri ?? (await metadata.urlOf('jwks_uri'));
    const keySet = await read(url);
    if (keySet === undefined) throw new HeimdallError('unavailable', `The issuer has no key set at ${url}.`);
    return keySet as unknown as JSONWebKeySet;
  }, now);
}
