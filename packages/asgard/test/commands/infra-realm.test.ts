import { describe, expect, test } from 'vitest';
import { type Json, objectsOf } from '../../src/infra/keycloak/repair/realm-admin.ts';
import { run } from '../../src/program.ts';
import { psLine, SERVICES, workingDocker } from '../infra/fake-effects.ts';
import { world } from '../infra/world.ts';
import type { MemoryIo } from '../memory-io.ts';

const withScopes = (...scopes: string[]): Record<string, string> => ({
  '/desk/Dockerfile': 'FROM node',
  '/desk/asgard.json': JSON.stringify({ infra: { scopes } }),
});

async function up(io: MemoryIo, ...args: string[]): Promise<Json> {
  io.printed.out = '';
  io.printed.err = '';
  expect(await run(['infra', 'up', '--json', ...args], io), io.printed.out).toBe(0);
  return JSON.parse(io.printed.out) as Json;
}

describe('up brings to Keycloak what has changed since it imported the realm', () => {
  test('nothing the first time and while nothing changes', async () => {
    const { io, effects } = world(undefined, withScopes('notes:read'));
    expect(await up(io)).toMatchObject({ heimdall: { compared: true, changes: [] } });
    expect(await up(io)).toMatchObject({ heimdall: { changes: [] } });
    expect(effects().keycloak.writes).toEqual([]);
  });

  test('another port: the audience follows, in every scope; the second time nothing', async () => {
    const { io, effects } = world(undefined, withScopes('notes:read'));
    await up(io);
    const { heimdall } = await up(io, '--port', '8001');
    expect(heimdall).toEqual({
      compared: true,
      changes: expect.arrayContaining([
        'audience changed from http://localhost:7999/mcp to http://localhost:8001/mcp',
        'client odin: attributes changed (resource_url)',
      ]),
    });
    const realm = JSON.stringify(effects().keycloak.realm());
    expect(realm).toContain('"included.custom.audience":"http://localhost:8001/mcp"');
    expect(realm).not.toContain('http://localhost:7999/mcp');
    expect(await up(io)).toMatchObject({ heimdall: { changes: [] } });
  });

  test('other scopes', async () => {
    const { io, effects } = world(undefined, withScopes('notes:read', 'notes:old'));
    await up(io);
    io.disk.set('/desk/asgard.json', '{"infra":{"scopes":["notes:read","notes:write"]}}');
    const { heimdall } = await up(io);
    expect((heimdall as { changes: string[] }).changes).toEqual(
      expect.arrayContaining([
        'scope notes:write added',
        'scope notes:write offered to new clients',
        'scope notes:old offered to new clients no longer',
        'client inspector gets the scope notes:write',
      ]),
    );
    expect(effects().keycloak.realm().defaultOptionalClientScopes).not.toContain('notes:old');
    expect(await up(io)).toMatchObject({ heimdall: { changes: [] } });
  });

  test('people read it, and no secret', async () => {
    const { io, effects } = world(undefined, withScopes('notes:read'));
    await up(io);
    const odin = objectsOf(effects().keycloak.realm().clients).find(({ clientId }) => clientId === 'odin');
    Object.assign(odin ?? {}, { secret: 'another' });
    io.printed.out = '';
    expect(await run(['infra', 'up', '--port', '8001'], io)).toBe(0);
    expect(io.printed.out).toContain(
      'heimdall: audience changed from http://localhost:7999/mcp to http://localhost:8001/mcp\n',
    );
    expect(io.printed.out).toContain('heimdall: client odin: secret changed\n');
    expect(io.printed.out).not.toMatch(/[\w-]{43}/);
    expect(effects().ran.filter((command) => /[\w-]{43}/.test(command))).toEqual([]);
  });

  test('bound to another address, the demo users are disabled', async () => {
    const { io } = world(undefined, withScopes());
    await up(io);
    io.disk.set('/desk/asgard.json', '{"infra":{"bind":"0.0.0.0"}}');
    expect(await up(io)).toMatchObject({
      heimdall: { changes: ['demo user freya disabled', 'demo user loki disabled'] },
    });
  });

  test('an ejected stack goes by its own file', async () => {
    const { io } = world(undefined, withScopes('notes:read'));
    await up(io);
    await run(['infra', 'eject'], io);
    const path = '/desk/infra/compose/heimdall/realm.json';
    io.disk.set(path, (io.disk.get(path) ?? '').replace('"accessTokenLifespan": 300', '"accessTokenLifespan": 60'));
    expect(await up(io)).toMatchObject({ heimdall: { changes: ['accessTokenLifespan changed from 300 to 60'] } });
  });

  test('an administrator who is another now is no failure, but is said', async () => {
    const { io, effects } = world();
    await up(io);
    effects().keycloak.locked = true;
    expect(await up(io)).toMatchObject({
      heimdall: { compared: false, reason: expect.stringContaining('ASGARD_ADMIN_PASSWORD') },
    });
    expect(await up(io, '--no-wait')).toMatchObject({ heimdall: { compared: false } });
  });

  test('an answer that is none is a failure', async () => {
    const { io } = world({ programs: workingDocker([/ exec -T heimdall /, { stdout: 'bash: connection refused' }]) });
    expect(await run(['infra', 'up', '--json'], io)).toBe(1);
    expect(JSON.parse(io.printed.out)).toMatchObject({ error: { code: 'realm_failed' } });
  });

  test('the advice for a taken port leads to a stack whose tokens are for it', async () => {
    const entrance = SERVICES.map((name) => psLine(name, 'running', 'healthy', { port: name === 'hermod' ? 7999 : 0 }));
    const stopped = { stdout: '' };
    const started = { stdout: entrance.join('\n') };
    const programs = workingDocker([/ ps --all/, [started, started, stopped, stopped, started]]);
    const { io, effects } = world({ programs, takenPorts: [7999] }, withScopes());
    await up(io);
    expect(await run(['infra', 'up'], io)).toBe(1);
    const [, advice = ''] = /"?(asgard infra up --port \d+)/.exec(io.printed.err) ?? [];
    const [, ...words] = advice.split(' ');
    expect(await run(words, io)).toBe(0);
    expect(JSON.stringify(effects().keycloak.realm())).toContain(
      '"included.custom.audience":"http://localhost:8000/mcp"',
    );
    expect(io.disk.get('/desk/.asgard/infra/bifrost/kong.yml')).toContain('http://localhost:8000/mcp');
    expect(io.disk.get('/desk/.asgard/infra/compose.yaml')).toContain('ASGARD_URL: http://localhost:8000/mcp');
  });
});
