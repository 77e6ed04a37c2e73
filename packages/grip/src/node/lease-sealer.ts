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
/** Of the initialisation vector: random for a sealer, then counted, so that it never repeats under one key. */
const NONCE_BYTES = 8;
const COUNTER_BYTES = 4;
const MAX_COUNT = 2 ** (8 * COUNTER_BYTES);
const EXPIRY_BYTES = 6;
/** 96 bits, NIST SP 800-38D section 5.2.1.2. */
const TAG_BYTES = 12;
const MIN_SECRET_BYTES = 32;
const MAX_TOKEN_LENGTH = 800;

/**
 * Seals leases with AES-256-GCM, so that a channel's name tells nothing and cannot be made up or changed.
 * Token: key id, nonce, counter, ciphertext, tag; as base64url. What all tokens of a sealer share comes first, and what differs is
 * short: ZeroMQ keeps channel names character by character, and only what they share costs nothing.
 * @throws {@link GripError} `bad_option` or `invalid_key`
 */
export function createLeaseSealer({ keys, purpose = 'hold' }: LeaseSealerOptions): LeaseSealer {
  const sealKeys = keys.map((key) => deriveKey(key, purpose));
  const [current] = sealKeys;
  if (!current)
    throw new GripError('bad_option', 'createLeaseSealer needs at least one key in `keys`', { field: 'keys' });
  const nextVector = createVectors();
  return {
    seal: (lease) => seal(current, nextVector(), lease),
    unseal: (token, scope) => unseal(sealKeys, token, scope),
  };
}

/** Initialisation vectors that never come twice. */
function createVectors(): () => Buffer {
  let nonce = randomBytes(NONCE_BYTES);
  let count = 0;
  return () => {
    if (count === MAX_COUNT) {
      nonce = randomBytes(NONCE_BYTES);
      count = 0;
    }
    const vector = Buffer.alloc(NONCE_BYTES + COUNTER_BYTES);
    nonce.copy(vector);
    vector.writeUIntBE(count++, NONCE_BYTES, COUNTER_BYTES);
    return vector;
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

function seal({ id, secret }: SealKey, iv: Buffer, { scope, expiresAt, data }: Lease): string {
  const cipher = createCipheriv(CIPHER, secret, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(scope));
  const expiry = Buffer.alloc(EXPIRY_BYTES);
  expiry.writeUIntBE(Math.ceil(expiresAt), 0, EXPIRY_BYTES);
  const sealed = [cipher.update(expiry), cipher.update(data, 'utf8'), cipher.final()];
  const token = Buffer.concat([id, iv, ...sealed, cipher.getAuthTag()]).toString('base64url');
  if (token.length <= MAX_TOKEN_LENGTH) return token;
  throw new GripError('value_too_long', 'a lease can carry some 400 characters, and these are more', {
    field: 'lease',
  });
}

function unseal(keys: readonly SealKey[], token: string, scope: string): Lease | undefined {
  if (token.length > MAX_TOKEN_LENGTH || !/^[\w-]+$/.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const start = KEY_ID_BYTES + NONCE_BYTES + COUNTER_BYTES;
  const key = keys.find(({ id }) => id.equals(bytes.subarray(0, KEY_ID_BYTES)));
  if (!key || bytes.length < start + EXPIRY_BYTES + TAG_BYTES || bytes.toString('base64url') !== token)
    return undefined;
  try {
    const iv = bytes.subarray(KEY_ID_BYTES, start);
    const decipher = createDecipheriv(CIPHER, key.secret, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(scope)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const opened = Buffer.concat([decipher.update(bytes.subarray(start, -TAG_BYTES)), decipher.final()]);
    return { scope, expiresAt: opened.readUIntBE(0, EXPIRY_BYTES), data: opened.toString('utf8', EXPIRY_BYTES) };
  } catch {
    return undefined;
  }
}
