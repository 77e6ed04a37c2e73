import { base64url } from 'jose';
import type { NoncePolicy } from './options.ts';

/** Values that a proof has to repeat, so that it cannot have been made in advance (RFC 9449 section 9). */
export interface Nonces {
  /** One that is good from now on. Every replica with the same keys accepts it. */
  issue(): Promise<string>;
  /** Whether a value was issued here, not too long ago. Never throws. */
  isGood(nonce: unknown): Promise<boolean>;
}

const algorithm = { name: 'HMAC', hash: 'SHA-256' };
const shape = /^([0-9a-z]{1,10})\.([\w-]{43})$/;

/** Creates them. Nothing is remembered: a nonce is the time, sealed. */
export function createNonces(
  { keys: [first, ...others], lifetimeSeconds }: NoncePolicy,
  options: { readonly clockToleranceSeconds: number; readonly now: () => number },
): Nonces {
  const { clockToleranceSeconds: tolerance, now } = options;
  const current = importKey(first);
  const keys = [current, ...others.map(importKey)];

  return {
    async issue() {
      const at = Math.floor(now() / 1000).toString(36);
      const mac = await crypto.subtle.sign(algorithm, await current, bytesOf(at));
      return `${at}.${base64url.encode(new Uint8Array(mac))}`;
    },
    async isGood(nonce) {
      const [, time = '', mac = ''] = shape.exec(typeof nonce === 'string' ? nonce : '') ?? [];
      const age = now() / 1000 - Number.parseInt(time, 36);
      if (!(age >= -tolerance && age <= lifetimeSeconds + tolerance)) return false;
      const received = new Uint8Array(base64url.decode(mac));
      const matches = await Promise.all(
        keys.map(async (key) => crypto.subtle.verify(algorithm, await key, received, bytesOf(time))),
      );
      return matches.includes(true);
    },
  };
}

function importKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(base64url.decode(secret)), algorithm, false, ['sign', 'verify']);
}

function bytesOf(time: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`dpop-nonce ${time}`);
}
