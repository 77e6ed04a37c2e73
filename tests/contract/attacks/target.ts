import { createInMemoryPublisher } from '@asgard/grip';
import { createLeaseSealer } from '@asgard/grip/node';
import { createTokenVerifier, type RevocableVerifier } from '@asgard/heimdall-client';
import { type AuthOptions, OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { SignJWT } from 'jose';
import * as z from 'zod';
import { type AttackIssuer, RESOURCE, startAttackIssuer } from './issuer.ts';
import { type Seen, type Sending, send, sendRaw } from './wire.ts';

/** What no attacker may ever read. */
export const TREASURE = 'the-treasure-of-the-dwarves';
export const ACME = 'http://acme.example/mcp';
/** A tenant whose issuer is asked about opaque tokens. */
export const GLOBEX = 'http://globex.example/mcp';
/** What the gateway signs with, where one is believed. */
export const GATEWAY_KEY = 'a'.repeat(43);
const CLIENT = { method: 'client_secret_basic', clientId: 'odin', secret: 'word' } as const;
const GRIP_KEY = 'a secret of thirty-two bytes or so';

/** An Odin that is listening, and whatever shows that an attack got through. */
export interface Target {
  readonly port: number;
  readonly issuer: AttackIssuer;
  readonly verifier: RevocableVerifier;
  /** Names of the handlers that ran, in order. */
  readonly ran: readonly string[];
  send(sending: Sending): Promise<Seen>;
  sendRaw(text: string): Promise<Seen[]>;
  /** What the proxy signs its requests with. */
  gripSig(): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts Odin with everything that it can be attacked through: scopes, bound tokens, tenants, held streams, sessions, rounds of input, and what is
 * added.
 */
export async function startTarget(more: Pick<AuthOptions, 'gateway'> = {}): Promise<Target> {
  const issuer = await startAttackIssuer();
  const verifier = createTokenVerifier({ issuer: issuer.url, audience: RESOURCE, dpop: {} });
  const publisher = createInMemoryPublisher();
  const ran: string[] = [];
  const odin = new OdinServer({
    ...{ name: 'target', version: '1.0.0', url: RESOURCE, secrets: ['thirty-two characters of a secret'] },
    // Answers stay one JSON body on a busy machine as well.
    http: { patienceMs: 10_000 },
    auth: {
      ...{ issuer: issuer.url, verifier, scopes: ['notes:read'], dpop: {}, ...more },
      backChannelLogout: { clients: 'app' },
      impliedScopes: { 'notes:admin': ['notes:read', 'notes:write'] },
      tenants: [
        { host: 'acme.example', issuer: issuer.url, resource: ACME, organization: 'acme' },
        { host: 'globex.example', issuer: issuer.url, resource: GLOBEX, organization: 'globex' },
      ],
      tenantVerification: ({ host }) => (host === 'globex.example' ? { introspection: { client: CLIENT } } : undefined),
    },
    hermod: {
      ...{ publisher, keys: [GRIP_KEY], issuer: 'asgard', replica: 'r1' },
      recovery: { sealer: createLeaseSealer({ keys: ['another secret of thirty-two bytes'] }) },
    },
  });
  odin.tool({ name: 'treasure' }, () => {
    ran.push('treasure');
    return TREASURE;
  });
  odin.tool({ name: 'write', scopes: ['notes:write'] }, () => {
    ran.push('write');
    return TREASURE;
  });
  odin.tool({ name: 'rule', roles: ['king'] }, () => {
    ran.push('rule');
    return TREASURE;
  });
  odin.tool({ name: 'ask', input: z.object({ more: z.number().optional() }) }, async (_, context) => {
    const secret = await context.remember('secret', () => TREASURE);
    const { action } = await context.elicit('sure', { message: 'Sure?', schema: z.object({ sure: z.boolean() }) });
    ran.push('ask');
    return `${action} ${secret}`;
  });
  odin.tool({ name: 'wait', hold: 'always' }, async ({ signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  });
  odin.resource('treasure://gold', { name: 'gold', scopes: ['notes:write'] }, () => {
    ran.push('gold');
    return TREASURE;
  });
  const server = await listen(odin, { port: 0, host: '127.0.0.1' });
  const { port } = server;
  return {
    ...{ port, issuer, verifier, ran },
    send: (sending) => send(port, sending),
    sendRaw: (text) => sendRaw(port, text),
    gripSig: () =>
      new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer('asgard')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(GRIP_KEY)),
    close: async () => {
      await server.close({ deadlineMs: 500 });
      await issuer.close();
    },
  };
}
