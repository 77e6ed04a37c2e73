import { SignJWT } from 'jose';
import { DevstackError } from '../errors.ts';
import type { Clock } from './clock.ts';

/** Makes the Grip-Sig of a request. */
export type SignRequest = () => Promise<string>;

const LIFETIME_SECONDS = 3600;
const MIN_KEY_BYTES = 32;

/**
 * Signs as Pushpin does: HS256 over `iss` and an `exp` one hour ahead, nothing else. Requests of one second share a token, because
 * it would be the same.
 *
 * @param key text, or `base64:` and the bytes; at least 32 bytes
 * @throws DevstackError `bad_option`
 */
export function createRequestSigner(key: string, issuer: string, clock: Clock): SignRequest {
  const secret = key.startsWith('base64:') ? Buffer.from(key.slice('base64:'.length), 'base64') : Buffer.from(key);
  if (secret.length < MIN_KEY_BYTES) {
    throw new DevstackError(
      'bad_option',
      `Hermod's option key has ${secret.length} bytes, but HS256 needs at least ${MIN_KEY_BYTES}. Use base64: and 32 random bytes.`,
    );
  }
  let expires = 0;
  let token: Promise<string> = Promise.resolve('');
  return () => {
    const now = Math.floor(clock.now() / 1000) + LIFETIME_SECONDS;
    if (now !== expires) {
      expires = now;
      token = new SignJWT({ iss: issuer, exp: now }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secret);
    }
    return token;
  };
}
