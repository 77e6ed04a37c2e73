import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { GripError } from '../errors.ts';
import type { Lease, LeaseSealer } from '../holds/lease.ts';

/** Options of {@link createLeaseSealer}. */
export interface LeaseSealerOptions {
  /** Secrets of at least 32 bytes, as text or `base64:`. The first seals, all open: put a new one first, drop the old one later. */
  readonly keys: readonly string[];
  /** Whose leases these are. Leases of another purpose do not open, even with the same keys. @default 'hold' */
  readonly purpose?: string;
}

interface SealKey {
  readonly id: Buffer;
  readonly secret: Buffer;
}

const CIPHER = 'aes-256-gcm';
const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const MIN_SECRET_BYTES = 32;
const MAX_TOKEN_LENGTH = 800;

/**
 * Seals leases with AES-256-GCM, so that a channel's name tells nothing and cannot be made up or changed.
 * Token: key id, initialisation vector, ciphertext, tag; as base64url.
 * @throws {@link GripError} `bad_option` or `invalid_key`
 */
export function createLeaseSealer({ keys, purpose = 'hold' }: LeaseSealerOptions): LeaseSealer {
  const sealKeys = keys.map((key) => deriveKey(key, purpose));
  const [current] = sealKeys;
  if (!current)
    throw new GripError('bad_option', 'createLeaseSealer needs at least one key in `keys`', { field: 'keys' });
  return {
    seal: (lease) => seal(current, lease),
    unseal: (token, scope) => unseal(sealKeys, token, scope),
  };
}

function deriveKey(key: string, purpose: string): SealKey {
  const bytes = key.startsWith('base64:') ? Buffer.from(key.slice('base64:'.length), 'base64') : Buffer.from(key);
  if (bytes.length < MIN_SECRET_BYTES) {
    throw new GripError('invalid_key', `a lease key needs at least ${MIN_SECRET_BYTES} random bytes`, {
      field: 'keys',
    });
  }
  const secret = Buffer.from(hkdfSync('sha256', bytes, '', `asgard grip lease: ${purpose}`, 32));
  return { secret, id: createHash('sha256').update(secret).digest().subarray(0, KEY_ID_BYTES) };
}

function seal({ id, secret }: SealKey, { scope, expiresAt, data }: Lease): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, secret, iv).setAAD(Buffer.from(scope));
  const sealed = [cipher.update(`${expiresAt.toString(36)}:${data}`, 'utf8'), cipher.final()];
  const token = Buffer.concat([id, iv, ...sealed, cipher.getAuthTag()]).toString('base64url');
  if (token.length <= MAX_TOKEN_LENGTH) return token;
  throw new GripError('value_too_long', 'a lease can carry some 400 characters, and these are more', {
    field: 'lease',
  });
}

function unseal(keys: readonly SealKey[], token: string, scope: string): Lease | undefined {
  if (token.length > MAX_TOKEN_LENGTH || !/^[\w-]+$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const start = KEY_ID_BYTES + IV_BYTES;
  const key = keys.find(({ id }) => id.equals(bytes.subarray(0, KEY_ID_BYTES)));
  if (!key || bytes.length <= start + TAG_BYTES || bytes.toString('base64url') !== token) return undefined;
  try {
    const iv = bytes.subarray(KEY_ID_BYTES, start);
    const decipher = createDecipheriv(CIPHER, key.secret, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(scope)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(start, -TAG_BYTES)), decipher.final()]).toString();
    const colon = text.indexOf(':');
    return { scope, expiresAt: Number.parseInt(text.slice(0, colon), 36), data: text.slice(colon + 1) };
  } catch {
    return undefined;
  }
}
