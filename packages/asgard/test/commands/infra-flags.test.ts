import { describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { psLine, SERVICES, workingDocker } from '../infra/fake-effects.ts';
import { world } from '../infra/world.ts';
import type { MemoryIo } from '../memory-io.ts';

const STATE = '/desk/.asgard/infra/state.json';

async function output(io: MemoryIo, ...args: string[]): Promise<string> {
  io.printed.out = '';
  expect(await run(['infra', ...args], io)).toBe(0);
  return io.printed.out;
}

const running = (entrance: string, port: number, ...more: string[]) => ({
  stdout: [...SERVICES, ...more]
    .map((service) => psLine(service, 'running', 'healthy', { port: service === entrance ? port : 0 }))
    .join('\n'),
});

describe('the flags of up stay', () => {
  test('every later command goes by them', async () => {
    const { io, effects } = world();
    await output(io, 'up', '--server', 'host', '--edge', 'bifrost', '--port', '8001', '--profile', 'inspector');
    expect(await output(io, 'env')).toContain('ASGARD_ADVERTISE=http://host.docker.internal:8080');
    expect(await output(io, 'env')).toContain('ASGARD_URL=http://localhost:8001/mcp');
    await output(io, 'status');
    expect(effects().ran.findLast((command) => command.includes(' ps '))).toContain('compose.host.yaml');
    expect(effects().ran.findLast((command) => command.includes(' ps '))).toContain('--profile inspector');
    expect(JSON.parse(await output(io, 'config', '--json'))).toMatchObject({ settings: { edge: 'bifrost' } });
    const said = await output(io, 'up');
    expect(effects().ran.findLast((command) => command.includes(' up '))).toContain('compose.host.yaml');
    expect(said).toContain('kept    --port 8001 --edge bifrost --server host --profile inspector');
    await output(io, 'eject');
    expect(io.disk.has('/desk/infra/compose/compose.host.yaml')).toBe(true);
    expect(io.disk.get('/desk/infra/compose/bifrost/kong.yml')).toContain('http://localhost:8001/mcp');
  });

  test('doctor looks at the stack that they lead to', async () => {
    const { io } = world();
    await output(io, 'up', '--server', 'host', '--port', '8001');
    io.printed.out = '';
    await run(['doctor', '--json'], io);
    const { checks } = JSON.parse(io.printed.out) as { checks: { name: string; outcome: string }[] };
    expect(checks.find(({ name }) => name === 'agreement')).toMatchObject({ outcome: 'ok' });
    expect(io.signIns[0]).toMatchObject({ mcpUrl: 'http://localhost:8001/mcp' });
  });

  test('a later one counts, the others stay', async () => {
    const { io } = world();
    await output(io, 'up', '--edge', 'bifrost', '--port', '8001');
    expect(JSON.parse(await output(io, 'up', '--edge', 'hermod', '--json'))).toMatchObject({
      edge: 'hermod',
      mcp: 'http://localhost:8001/mcp',
      kept: { port: 8001 },
    });
    expect(JSON.parse(await output(io, 'up', '--json'))).toMatchObject({ kept: { port: 8001, edge: 'hermod' } });
  });

  test('they count before asgard.json, and --forget goes back to it', async () => {
    const disk = { '/desk/Dockerfile': 'FROM node', '/desk/asgard.json': '{"infra":{"port":9000,"edge":"bifrost"}}' };
    const { io } = world(undefined, disk);
    await output(io, 'up', '--port', '8001', '--edge', 'hermod');
    expect(await output(io, 'up')).toContain('http://localhost:8001/mcp');
    const forgotten = await output(io, 'up', '--forget');
    expect(forgotten).toContain('http://localhost:9000/mcp');
    expect(forgotten).not.toContain('kept');
    expect(JSON.parse(await output(io, 'up', '--json'))).toMatchObject({ edge: 'bifrost', kept: {} });
  });

  test('a change of asgard.json counts where no flag was given', async () => {
    const { io } = world();
    await output(io, 'up');
    io.disk.set('/desk/asgard.json', '{"infra":{"port":9000}}');
    expect(await output(io, 'up')).toContain('http://localhost:9000/mcp');
  });

  test('the environment counts before them and is not kept', async () => {
    const { io } = world();
    await output(io, 'up', '--port', '8001');
    Object.assign(io.env, { ASGARD_PORT: '8002' });
    const said = await output(io, 'up');
    expect(said).toContain('http://localhost:8002/mcp');
    expect(said).not.toContain('kept');
    expect(io.disk.get(STATE)).toBe('{"flags":{"port":8001}}\n');
  });

  test('the engine that was asked for is asked by every later command', async () => {
    const programs = workingDocker(
      [/^podman version/, { stdout: '{"Client":{"Version":"5.2.1"}}' }],
      [/^podman compose version/, { stdout: '2.29.1' }],
      [/^podman compose .* config --services/, { stdout: SERVICES.join('\n') }],
    );
    const { io, effects } = world({ programs });
    await output(io, 'up', '--engine', 'podman');
    await output(io, 'status');
    expect(effects().ran.findLast((command) => command.includes(' ps '))).toMatch(/^podman compose /);
  });

  test('a port that is refused is not kept', async () => {
    const { io } = world({ programs: workingDocker([/ ps --all/, { stdout: '' }]), takenPorts: [8001] });
    expect(await run(['infra', 'up', '--port', '8001'], io)).toBe(1);
    expect(io.disk.has(STATE)).toBe(false);
  });
});

describe('the port of the entrance', () => {
  test('a port that somebody else has is found, though our own entrance runs on another', async () => {
    const programs = workingDocker([/ ps --all/, running('hermod', 7999)]);
    const { io } = world({ programs, takenPorts: [7999, 8001] });
    expect(await run(['infra', 'up', '--port', '8001'], io)).toBe(1);
    expect(io.printed.err).toContain('Port 8001 is taken. The next free one: asgard infra up --port 8002');
  });

  test('an entrance that moves ends first, so that the other finds the port free', async () => {
    const programs = workingDocker([/ ps --all/, running('hermod', 7999)]);
    const { io, effects } = world({ programs, takenPorts: [7999] });
    await output(io, 'up');
    expect(effects().ran.some((command) => command.includes(' rm '))).toBe(false);
    await output(io, 'up', '--edge', 'bifrost');
    const steps = effects().ran.flatMap((command) => /(rm --stop --force hermod|up --detach)/.exec(command)?.[1] ?? []);
    expect(steps).toEqual(['up --detach', 'rm --stop --force hermod', 'up --detach']);
  });

  test('what an earlier profile started ends with it', async () => {
    const programs = workingDocker([/ ps --all/, running('hermod', 7999, 'inspector')]);
    const { io, effects } = world({ programs, takenPorts: [7999] });
    await output(io, 'up', '--profile', 'none');
    expect(effects().ran.filter((command) => command.includes(' rm '))).toEqual([
      expect.stringMatching(/--profile \* rm --stop --force inspector$/),
    ]);
  });
});

describe('bound to an address that other machines reach', () => {
  const open = { '/desk/Dockerfile': 'FROM node', '/desk/asgard.json': '{"infra":{"bind":"0.0.0.0"}}' };

  test('no way to the console of administrators and no demo users, and up says so', async () => {
    const { io } = world(undefined, open);
    const said = await output(io, 'up');
    expect(said).toContain(
      'admin   not reachable through the entrance: other machines reach the entrance, which listens on 0.0.0.0 (bind)',
    );
    expect(said).toContain('No demo users');
    expect(io.disk.get('/desk/.asgard/infra/bifrost/kong.yml')).not.toMatch(/heimdall\/(?:admin|realms\/master)/);
    expect(io.disk.get('/desk/.asgard/infra/heimdall/realm.json')).not.toContain('freya');
    expect(await run(['infra', 'open', 'admin'], io)).toBe(2);
    expect(io.printed.err).toContain('listens on 0.0.0.0');
  });

  test('on the loopback both are there', async () => {
    const { io } = world();
    expect(await output(io, 'up')).toContain('admin   http://localhost:7999/heimdall/admin/');
    expect(io.disk.get('/desk/.asgard/infra/bifrost/kong.yml')).toContain('/heimdall/realms/master');
    expect(io.disk.get('/desk/.asgard/infra/heimdall/realm.json')).toContain('freya');
  });
});
