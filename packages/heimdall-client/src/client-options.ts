import type { JWK } from 'jose';
import { badOption } from './option-rules.ts';
import { isSignatureAlgorithm } from './signature-algorithm.ts';

/** How this server proves to the issuer who it is (RFC 7591 section 2, RFC 7523 section 2.2). */
export type ClientAuthentication =
  | {
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly clientId: string;
      readonly secret: string;
    }
  | {
      readonly method: 'private_key_jwt';
      readonly clientId: string;
      /** Private key with its `alg`, and `kid` if the issuer has several. */
      readonly key: JWK;
    };

/**
 * Checks how a client proves who it is.
 *
 * @param name of the option
 * @throws HeimdallError `bad_option`
 */
export function normalizeClient(name: string, client: ClientAuthentication): ClientAuthentication {
  if (!client?.clientId) throw badOption(name, 'must have a clientId');
  switch (client.method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      if (!client.secret) throw badOption(name, `needs a secret for ${client.method}`);
      return Object.freeze({ ...client });
    case 'private_key_jwt':
      if (!client.key?.d || !isSignatureAlgorithm(client.key.alg)) {
        throw badOption(name, 'needs a private key (JWK) with its "alg" for private_key_jwt');
      }
      return Object.freeze({ ...client, key: Object.freeze({ ...client.key }) });
    default:
      throw badOption(name, 'must use client_secret_basic, client_secret_post or private_key_jwt');
  }
}
