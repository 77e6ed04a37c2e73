import { OdinError } from '../errors.ts';

/** Seals text for a client to carry: unreadable and unchangeable without the key, and good only where it was meant for. */
export interface Seal {
  seal(text: string, context: string): Promise<string>;
  /** undefined for anything that was not sealed here, for this context. Never throws. */
  open(sealed: string, context: string): Promise<string | undefined>;
}

const VERSION = 'o1.';
const NONCE_BYTES = 12;
const MIN_SECRET_LENGTH = 32;

/**
 * AES-256-GCM (NIST SP 800-38D) under a key derived from each secret by HKDF-SHA-256 (RFC 5869). The first secret
 * seals, all of them open, so that secrets can be rotated. The context is authenticated, not carried.
 *
 * @param purpose keeps keys of different uses apart
 * @throws OdinError `bad_option` for a short secret
 */
export function createSeal(secrets: readonly string[], purpose: string): Seal {
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_LENGTH)
      throw new OdinError('bad_option', `secrets: each needs at least ${MIN_SECRET_LENGTH} characters.`);
  }
  const keys = secrets.map((secret) => lazy(() => deriveKey(secret, purpose)));
  return {
    async seal(text, context) {
      const [first] = keys;
      if (!first) throw new OdinError('bad_option', 'secrets: at least one is needed.');
      const iv = globalThis.crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const sealed = await globalThis.crypto.subtle.encrypt(parameters(iv, context), await first(), utf8(text));
      return `${VERSION}${toBase64Url(concat(iv, new Uint8Array(sealed)))}`;
    },
    async open(sealed, context) {
      const bytes = sealed.startsWith(VERSION) ? fromBase64Url(sealed.slice(VERSION.length)) : undefined;
      if (!bytes || bytes.length <= NONCE_BYTES) return undefined;
      for (const key of keys) {
        const opened = await decrypt(await key(), bytes, context);
        if (opened !== undefined) return opened;
      }
      return undefined;
    },
  };
}

async function decrypt(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>, context: string): Promise<string | undefined> {
  try {
    const opened = await globalThis.crypto.subtle.decrypt(
      parameters(bytes.slice(0, NONCE_BYTES), context),
      key,
      bytes.slice(NONCE_BYTES),
    );
    return new TextDecoder().decode(opened);
  } catch {
    return undefined;
  }
}

async function deriveKey(secret: string, purpose: string): Promise<CryptoKey> {
  const { subtle } = globalThis.crypto;
  const material = await subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(`asgard odin ${purpose}`) };
  return subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

function parameters(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: utf8(context) };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
