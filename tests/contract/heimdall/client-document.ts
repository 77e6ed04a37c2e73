import { createTokenVerifier } from '@asgard/heimdall-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import type { IssuerUnderTest } from './token-issuer.ts';

/** An issuer that takes clients which are their own document. */
export interface DocumentIssuer extends IssuerUnderTest {
  /** Documents that it can read, and others that it must not take. */
  readonly documents: {
    readonly good: string;
    readonly otherId: string;
    readonly secret: string;
    readonly missing: string;
  };
}

const redirectUri = 'http://127.0.0.1:1/callback';

/** A client is known by the URL of its document (OAuth Client ID Metadata Document; MCP authorization). */
export function clientDocumentContract(name: string, start: (resource: string) => Promise<DocumentIssuer>): void {
  describe(`${name}: clients that are their own document`, () => {
    let heimdall: DocumentIssuer;

    beforeAll(async () => {
      heimdall = await start('http://localhost:7999/mcp');
    });
    afterAll(() => heimdall?.close());

    const signInBy = (clientId: string, redirect = redirectUri) => {
      const { issuer, resource } = heimdall;
      const { username: user, password } = heimdall.users[0] ?? { username: '', password: '' };
      return signIn({ issuer, resource, user, password, clientId, redirectUri: redirect });
    };

    test('the metadata says so', async () => {
      const metadata = await (await fetch(`${heimdall.issuer}/.well-known/openid-configuration`)).json();
      expect(metadata).toMatchObject({ client_id_metadata_document_supported: true });
    });

    test('sign in without registration', async () => {
      const { accessToken, refreshToken } = await signInBy(heimdall.documents.good);
      const { issuer, resource: audience } = heimdall;
      const principal = await createTokenVerifier({ issuer, audience }).verify(accessToken);
      expect(principal.clientId).toBe(heimdall.documents.good);
      expect(refreshToken).toBeTruthy();
    });

    test('come back only to where the document says', async () => {
      const outcome = signInBy(heimdall.documents.good, 'http://127.0.0.1:1/other');
      await expect(outcome).rejects.toMatchObject({ code: 'sign_in_failed' });
    });

    test.for(['otherId', 'secret', 'missing'] as const)('are refused when the document is wrong: %s', async (which) => {
      await expect(signInBy(heimdall.documents[which])).rejects.toMatchObject({ code: 'sign_in_failed' });
    });

    test('a document in the clear is not read', async () => {
      const outcome = signInBy(heimdall.documents.good.replace('https:', 'http:'));
      await expect(outcome).rejects.toMatchObject({ code: 'sign_in_failed' });
    });
  });
}
