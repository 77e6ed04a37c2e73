import { expect, test } from 'vitest';
import { type Attack, REFUSED } from './attack.ts';
import { createHolder } from './holder.ts';
import { callTool } from './messages.ts';
import { ACME, GLOBEX, type Target, TREASURE } from './target.ts';
import type { Seen } from './wire.ts';

const holder = await createHolder();
const AT_GLOBEX = { aud: GLOBEX, organization: ['globex'] };
const AT_ACME = { aud: ACME, organization: ['acme'] };

function sendTo(target: Target, host: string, headers: Record<string, string>): Promise<Seen> {
  const call = callTool('treasure');
  return target.send({ headers: { ...call.headers, host, ...headers }, body: call.body });
}

function at(
  host: string,
  name: string,
  make: (target: Target) => string | Promise<string>,
  outcome: Attack['outcome'] = REFUSED,
): Attack {
  const run = async (target: Target): Promise<Seen> => {
    return sendTo(target, host, { authorization: `Bearer ${await make(target)}` });
  };
  return { name, outcome, run };
}

/** Tokens at the host of a tenant whose issuer is asked about opaque ones: what is not for it is for nobody there. */
export const tenantAttacks: readonly Attack[] = [
  at('globex.example', 'an opaque token of this server', ({ issuer }) => issuer.opaque({ organization: ['globex'] })),
  at('globex.example', 'an opaque token of another tenant', ({ issuer }) => issuer.opaque(AT_ACME)),
  at('globex.example', 'an opaque token for nobody', ({ issuer }) => issuer.opaque({ ...AT_GLOBEX, aud: undefined })),
  at('globex.example', 'an opaque token that is over', ({ issuer }) => issuer.opaque({ ...AT_GLOBEX, exp: 1 })),
  at('globex.example', 'an opaque token of another issuer', ({ issuer }) => {
    return issuer.opaque({ ...AT_GLOBEX, iss: 'https://evil.example' });
  }),
  at('globex.example', 'an opaque token that is no access token', ({ issuer }) => {
    return issuer.opaque({ ...AT_GLOBEX, token_type: 'refresh' });
  }),
  at('globex.example', 'an opaque token that nobody gave', () => crypto.randomUUID()),
  at('globex.example', 'a JWT of another tenant', ({ issuer }) => issuer.token(AT_ACME)),
  at('globex.example', 'a JWT of another tenant that names both organizations', ({ issuer }) => {
    return issuer.token({ aud: ACME, organization: ['acme', 'globex'] });
  }),
  at('globex.example', 'a JWT with a key of nobody', ({ issuer }) => {
    return issuer.token(AT_GLOBEX, {}, issuer.foreign.privateKey);
  }),
  at('globex.example', 'a bound opaque token as a bearer token', ({ issuer }) => {
    return issuer.opaque({ ...AT_GLOBEX, cnf: { jkt: holder.thumbprint }, token_type: 'DPoP' });
  }),
  at(
    'globex.example',
    'an opaque token with another organization',
    ({ issuer }) => issuer.opaque({ ...AT_GLOBEX, organization: ['acme'] }),
    { status: 403 },
  ),
  at('acme.example', 'an opaque token at a tenant that takes none', ({ issuer }) => issuer.opaque(AT_ACME)),
  at('acme.example', 'an opaque token of a tenant at another', ({ issuer }) => issuer.opaque(AT_GLOBEX)),
  at('localhost', 'an opaque token of a tenant at this server', ({ issuer }) => issuer.opaque(AT_GLOBEX)),
  {
    name: 'a proof for this server, for a bound opaque token of the tenant',
    outcome: { status: 401, challenge: 'invalid_dpop_proof' },
    run: async (target) => {
      const cnf = { jkt: holder.thumbprint };
      const token = target.issuer.opaque({ ...AT_GLOBEX, cnf, token_type: 'DPoP' });
      return sendTo(target, 'globex.example', { authorization: `DPoP ${token}`, dpop: await holder.prove(token) });
    },
  },
];

export function testTenants(target: () => Target): void {
  test('a tenant is let in with what its issuer gives: what the attacks lack is all that keeps them out', async () => {
    const { issuer } = target();
    const bound = issuer.opaque({ ...AT_GLOBEX, cnf: { jkt: holder.thumbprint }, token_type: 'DPoP' });
    const proven = { authorization: `DPoP ${bound}`, dpop: await holder.prove(bound, { htu: GLOBEX }) };
    const good = [issuer.opaque(AT_GLOBEX), await issuer.token(AT_GLOBEX)].map((token) => `Bearer ${token}`);
    for (const headers of [...good.map((authorization) => ({ authorization })), proven]) {
      const seen = await sendTo(target(), 'globex.example', headers);
      expect([seen.status, seen.body.includes(TREASURE)]).toEqual([200, true]);
    }
  });
}
