import { createRememberingBus, type Principal } from '@asgard/heimdall-client';
import { describe, expect, it } from 'vitest';
import { resolveAuth } from '../../src/auth/resolve.ts';
import type { Site } from '../../src/auth/site.ts';
import { type AdmissionOptions, admit } from '../../src/http/admission.ts';
import type { HttpRequest } from '../../src/http/message.ts';
import { ISSUER, principalOf } from '../auth/verifying.ts';

const FREYA: Principal = { ...principalOf('freya'), organizations: [{ alias: 'asgard' }] };

/** A verifier that remembers Freya and can look Loki up. */
const verifier = {
  peek: (token: string) => (token === 'freya' ? FREYA : undefined),
  verify: async (token: string) => principalOf(token),
};

function siteOf(organization?: string): Site {
  const auth = resolveAuth(
    { issuer: ISSUER, verifier },
    {
      url: new URL('http://localhost/mcp'),
      revocations: createRememberingBus(),
      replays: undefined,
    },
  );
  return { auth, name: 'test', tenant: organization === undefined ? undefined : { host: 'localhost', organization } };
}

function requestWith(token: string | undefined): HttpRequest {
  const headers = new Map([['content-type', 'application/json']]);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  return {
    ...{ method: 'POST', path: '/mcp', query: '' },
    header: (name) => headers.get(name),
    readBody: () => Promise.reject(new Error('the body was read')),
    onDisconnect: () => {},
    release: () => {},
  };
}

const ask = (token: string | undefined, options: Partial<AdmissionOptions> = {}) =>
  admit(requestWith(token), { site: siteOf(), sessions: false, requireProxied: undefined, ...options });

describe('admission', () => {
  it('makes a caller who is remembered wait for nothing', () => {
    expect(ask('freya')).toMatchObject({ ok: true, principal: FREYA });
    expect(ask('freya', { site: { ...siteOf(), auth: undefined } })).toMatchObject({ ok: true, principal: undefined });
  });

  it('looks up who is not', async () => {
    expect(ask('loki')).toBeInstanceOf(Promise);
    expect(await ask('loki')).toMatchObject({ ok: true, principal: { subject: 'loki' } });
  });

  it('refuses callers of another organization, remembered or not', async () => {
    expect(ask('freya', { site: siteOf('asgard') })).toMatchObject({ ok: true });
    for (const [token, organization] of [
      ['freya', 'vanaheim'],
      ['loki', 'asgard'],
    ] as const) {
      const admitted = await ask(token, { site: siteOf(organization) });
      expect(admitted).toMatchObject({ ok: false, refusal: { status: 403 } });
    }
  });

  it('refuses what did not come through the proxy before anybody is asked for a token', async () => {
    const requireProxied = async () => false;
    expect(await ask(undefined, { requireProxied })).toMatchObject({ ok: false, refusal: { status: 403 } });
    expect(await ask(undefined, { requireProxied: async () => true })).toMatchObject({ refusal: { status: 401 } });
    expect(await ask('freya', { requireProxied: async () => true })).toMatchObject({ ok: true, principal: FREYA });
  });
});
