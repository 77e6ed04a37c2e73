import { describe, expect, test } from 'vitest';
import { objectsOf } from '../../src/infra/keycloak/repair/realm-admin.ts';
import { run } from '../../src/program.ts';
import { createFakeEffects, type FakeEffects, workingDocker } from '../infra/fake-effects.ts';
import { createMemoryIo, type MemoryIo } from '../memory-io.ts';

const ISSUER = 'http://localhost:7999/heimdall/realms/asgard';
const MCP = 'http://localhost:7999/mcp';

interface World {
  readonly io: MemoryIo;
  readonly effects: () => FakeEffects;
}

interface Facts {
  readonly claims?: object;
  readonly issuer?: string;
  readonly scopes?: readonly string[];
}

/** A stack that was started, with an issuer that publishes these facts and gives such tokens. */
async function started({ claims, issuer = ISSUER, scopes = ['notes:read'] }: Facts = {}): Promise<World> {
  let effects: FakeEffects | undefined;
  const token = `e30.${Buffer.from(JSON.stringify(claims ?? { iss: ISSUER, aud: [MCP, 'odin'] })).toString('base64url')}.x`;
  const io: MemoryIo = createMemoryIo({
    disk: { '/desk/Dockerfile': 'FROM node', '/desk/asgard.json': '{"infra":{"scopes":["notes:read"]}}' },
    signIn: async () => token,
    infra: (own) => {
      effects ??= createFakeEffects(own, {
        programs: workingDocker(),
        fetch: async () => Response.json({ issuer, scopes_supported: scopes }),
      });
      return effects;
    },
  });
  expect(await run(['infra', 'up'], io)).toBe(0);
  return { io, effects: () => effects ?? createFakeEffects(io) };
}

async function look(io: MemoryIo, name: string): Promise<{ outcome: string; message: string; fix?: string }> {
  io.printed.out = '';
  await run(['doctor', '--json'], io);
  const { checks } = JSON.parse(io.printed.out) as {
    checks: { name: string; outcome: string; message: string; fix?: string }[];
  };
  return checks.find((check) => check.name === name) ?? { outcome: 'missing', message: '' };
}

describe('tokens', () => {
  test('agree with what gateway and server ask for', async () => {
    const { io } = await started();
    expect(await look(io, 'tokens')).toMatchObject({ outcome: 'ok', message: `a token of ${ISSUER} is for ${MCP}` });
  });

  test.each([
    ['another audience', { claims: { iss: ISSUER, aud: 'http://localhost:1/mcp' } }, `is for http://localhost:1/mcp`],
    ['no audience', { claims: { iss: ISSUER } }, 'is for nobody'],
    ['another issuer', { claims: { iss: 'http://localhost:1/x', aud: MCP } }, 'is from http://localhost:1/x'],
    ['another name', { issuer: 'http://localhost:1/x' }, 'calls itself http://localhost:1/x'],
    ['a scope that is not there', { scopes: [] }, 'does not offer the scopes notes:read'],
  ])('%s: with the command that repairs it', async (_, facts: Facts, message) => {
    const { io } = await started(facts);
    const finding = await look(io, 'tokens');
    expect(finding).toMatchObject({ outcome: 'failed', fix: expect.stringContaining('asgard infra up') });
    expect(finding.message).toContain(message);
  });

  test('are not looked for where no stack runs', async () => {
    const io = createMemoryIo({ infra: (own) => createFakeEffects(own, { programs: workingDocker() }) });
    expect((await look(io, 'tokens')).outcome).toBe('skipped');
    expect((await look(io, 'realm')).outcome).toBe('skipped');
  });
});

describe('realm', () => {
  test('a realm that differs from the file, with the command that repairs it, and nothing is changed', async () => {
    const { io, effects } = await started();
    expect(await look(io, 'realm')).toMatchObject({ outcome: 'ok' });
    const [odin] = objectsOf(effects().keycloak.realm().clients);
    Object.assign(odin ?? {}, { enabled: false });
    expect(await look(io, 'realm')).toMatchObject({
      outcome: 'failed',
      message: 'Keycloak is to be changed: client odin: enabled changed',
      fix: expect.stringContaining('asgard infra up'),
    });
    expect(effects().keycloak.writes).toEqual([]);
    expect(await run(['infra', 'up'], io)).toBe(0);
    expect(await look(io, 'realm')).toMatchObject({ outcome: 'ok' });
  });

  test('another administrator: a warning', async () => {
    const { io, effects } = await started();
    effects().keycloak.locked = true;
    expect(await look(io, 'realm')).toMatchObject({ outcome: 'warning', fix: expect.stringContaining('console') });
  });
});

test('a server of this machine whose .env is of another port', async () => {
  const { io } = await started();
  expect(await run(['infra', 'up', '--server', 'host'], io)).toBe(0);
  io.disk.set('/desk/.env', `ASGARD_URL=${MCP}\nASGARD_ISSUER=${ISSUER}\n`);
  expect(await look(io, 'agreement')).toMatchObject({ outcome: 'ok' });
  expect(await run(['infra', 'up', '--port', '8001'], io)).toBe(0);
  expect(await look(io, 'agreement')).toMatchObject({
    outcome: 'failed',
    message: `.env gives the server ASGARD_URL ${MCP}; gateway and Keycloak have http://localhost:8001/mcp`,
    fix: expect.stringContaining('asgard infra env --show-secrets > .env'),
  });
});
