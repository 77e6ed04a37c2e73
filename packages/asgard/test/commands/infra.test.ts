import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { type FakeOptions, psLine, SERVICES, workingDocker } from '../infra/fake-effects.ts';
import { world } from '../infra/world.ts';
import type { MemoryIo } from '../memory-io.ts';

const SECRETS = '/desk/.asgard/infra/secrets.env';

const json = (io: MemoryIo): Record<string, unknown> => JSON.parse(io.printed.out) as Record<string, unknown>;
const notRunning = SERVICES.map((service) => psLine(service, 'exited', '', { exitCode: 137 })).join('\n');

describe('up', () => {
  test('writes files and secrets, starts, waits, and says where it is', async () => {
    const { io, effects } = world();
    expect(await run(['infra', 'up'], io)).toBe(0);
    expect(io.printed.out).toContain('http://localhost:7999/mcp');
    expect(io.disk.get(SECRETS)).toMatch(/^ASGARD_GRIP_KEY=[\w-]{43}$/m);
    expect(effects().modes.get(SECRETS)).toBe(0o600);
    expect(io.disk.get('/desk/.asgard/.gitignore')).toBe('*\n');
    const up = effects().ran.find((command) => command.includes(' up '));
    expect(up).toContain(`--project-name asgard-forge --project-directory /desk/.asgard/infra --env-file ${SECRETS}`);
    expect(up).toContain('--file /desk/.asgard/infra/compose.yaml');
    expect(io.printed.out + io.printed.err).not.toMatch(/[\w-]{43}/);
  });

  test('is the same twice: secrets stay', async () => {
    const { io } = world();
    await run(['infra', 'up'], io);
    const first = new Map(io.disk);
    expect(await run(['infra', 'up'], io)).toBe(0);
    expect(new Map(io.disk)).toEqual(first);
  });

  test('repairs what has ended, and waits for it', async () => {
    const programs = workingDocker([
      / ps --all/,
      [
        { stdout: notRunning },
        { stdout: psLine('odin', 'running', 'starting') },
        { stdout: SERVICES.map((service) => psLine(service)).join('\n') },
      ],
    ]);
    const { io, effects } = world({ programs });
    expect(await run(['infra', 'up', '--json'], io)).toBe(0);
    expect(json(io)).toMatchObject({ ok: true, mcp: 'http://localhost:7999/mcp', edge: 'hermod' });
    expect(effects().said.join()).toContain('odin: Up 2 minutes (starting)');
  });

  test('a service that fails: its last 30 lines, the likely cause, exit 1', async () => {
    const log = [
      ...Array.from({ length: 40 }, (_, at) => `line ${at}`),
      'FATAL: password authentication failed for user "heimdall"',
    ];
    const broken = SERVICES.map((service) =>
      psLine(service, service === 'heimdall' ? 'exited' : 'running', service === 'heimdall' ? '' : 'healthy', {
        exitCode: 1,
      }),
    ).join('\n');
    const { io } = world({
      programs: workingDocker([/ ps --all/, { stdout: broken }], [/ logs .*heimdall$/, { stdout: log.join('\n') }]),
    });
    expect(await run(['infra', 'up'], io)).toBe(1);
    expect(io.printed.err).toContain('The last lines of heimdall:\n  line 11\n');
    expect(io.printed.err).not.toContain('line 10\n');
    expect(io.printed.err).toContain('The database was made with another password.');
  });

  test('too slow: exit 4', async () => {
    const { io } = world({ programs: workingDocker([/ ps --all/, { stdout: psLine('odin', 'running', 'starting') }]) });
    expect(await run(['infra', 'up', '--timeout', '5', '--json'], io)).toBe(4);
    expect(json(io)).toMatchObject({ ok: false, error: { code: 'unhealthy' } });
  });

  test('--no-wait does not wait', async () => {
    const { io } = world({ programs: workingDocker([/ ps --all/, { stdout: '' }]) });
    expect(await run(['infra', 'up', '--no-wait'], io)).toBe(0);
  });

  test('a taken port: who has it, and the next free one; nothing is started', async () => {
    const programs = workingDocker([/ ps --all/, { stdout: '' }], [/^docker ps /, { stdout: 'other-web-1\n' }]);
    const { io, effects } = world({ programs, takenPorts: [7999, 8000] });
    expect(await run(['infra', 'up'], io)).toBe(1);
    expect(io.printed.err).toContain(
      'Port 7999 is taken by the container other-web-1. The next free one: asgard infra up --port 8001',
    );
    expect(effects().ran.some((command) => command.includes(' up '))).toBe(false);
  });

  test('our own entrance on the port is no conflict, and the port stays', async () => {
    const { io } = world({ programs: workingDocker(), takenPorts: [8100] });
    expect(await run(['infra', 'up', '--port', '8100'], io)).toBe(0);
    io.printed.out = '';
    expect(await run(['infra', 'up', '--json'], io)).toBe(0);
    expect(json(io)).toMatchObject({ mcp: 'http://localhost:8100/mcp' });
  });

  test('a server of this machine is reached by the override', async () => {
    const { io, effects } = world({ programs: workingDocker() }, {});
    expect(await run(['infra', 'up'], io)).toBe(0);
    expect(effects().ran.find((command) => command.includes(' up '))).toContain(
      '--file /desk/.asgard/infra/compose.host.yaml',
    );
    expect(io.printed.out).toContain('asgard infra env');
  });

  test('what compose says when it fails is shown, exit 1', async () => {
    const { io } = world({
      programs: workingDocker([/ up --detach/, { exitCode: 1, lines: ['failed to solve: node: not found'] }]),
    });
    expect(await run(['infra', 'up'], io)).toBe(1);
    expect(io.printed.err).toContain('docker compose up failed:\nfailed to solve: node: not found');
  });

  test('Ctrl-C: 130', async () => {
    const { io } = world();
    io.interrupt();
    expect(await run(['infra', 'up'], io)).toBe(130);
  });
});

describe('the others', () => {
  const up = async (options?: FakeOptions) => {
    const made = world(options);
    await run(['infra', 'up'], made.io);
    made.io.printed.out = '';
    made.io.printed.err = '';
    return made;
  };

  test('before the first up there is nothing to do with', async () => {
    for (const command of ['status', 'env', 'open', 'reset']) {
      const { io } = world();
      expect(await run(['infra', command], io)).toBe(1);
      expect(io.printed.err).toContain('Start it: asgard infra up');
    }
  });

  test('down before the first up is done at once', async () => {
    const { io, effects } = world();
    expect(await run(['infra', 'down'], io)).toBe(0);
    expect(io.printed.err).toContain('nothing to stop');
    expect(await run(['infra', 'down', '--json'], io)).toBe(0);
    expect(JSON.parse(io.printed.out)).toMatchObject({ ok: true });
    expect(effects().ran).toEqual([]);
  });

  test('down keeps data, and stops services of every profile', async () => {
    const { io, effects } = await up();
    expect(await run(['infra', 'down'], io)).toBe(0);
    expect(effects().ran.at(-1)).toMatch(/--profile \* down --remove-orphans$/);
    expect(await run(['infra', 'down', '--volumes', '--json'], io)).toBe(0);
    expect(effects().ran.at(-1)).toMatch(/down --remove-orphans --volumes$/);
  });

  test('status shows real states, with the last line of what is not well, and ends with 1', async () => {
    const states = [
      ...SERVICES.slice(1).map((service) => psLine(service)),
      psLine('bifrost', 'running', 'unhealthy'),
    ].join('\n');
    const { io } = await up({
      programs: workingDocker(
        [
          / ps --all/,
          [{ stdout: '' }, { stdout: SERVICES.map((service) => psLine(service)).join('\n') }, { stdout: states }],
        ],
        [/ logs .*bifrost$/, { stdout: 'kong: bad\n' }],
      ),
    });
    expect(await run(['infra', 'status', '--json'], io)).toBe(1);
    expect(json(io).services).toContainEqual(
      expect.objectContaining({ service: 'bifrost', verdict: 'failed', lastLine: 'kong: bad' }),
    );
  });

  test('env hides secrets until they are asked for', async () => {
    const { io } = await up({
      programs: workingDocker([
        /network inspect bridge/,
        { stdout: '[{"IPAM":{"Config":[{"Gateway":"172.17.0.1"}]}}]' },
      ]),
    });
    expect(await run(['infra', 'env'], io)).toBe(0);
    expect(io.printed.out).toContain('HOST=172.17.0.1\n');
    expect(io.printed.out).toContain('verify-key=********');
    expect(io.printed.out).toContain('ASGARD_ODIN_SECRET=********\n');
    io.printed.out = '';
    expect(await run(['infra', 'env', '--format', 'json', '--show-secrets'], io)).toBe(0);
    const key = /^ASGARD_GRIP_KEY=(.+)$/m.exec(io.disk.get(SECRETS) ?? '')?.[1];
    expect(json(io).GRIP_URL).toBe(`tcp://127.0.0.1:5562?verify-iss=asgard&verify-key=${key}`);
    io.printed.out = '';
    expect(await run(['infra', 'env', '--format', 'shell'], io)).toBe(0);
    expect(io.printed.out).toMatch(/^export PORT='8080'$/m);
  });

  test('env tells a server on this machine the rules for tools, in a form that node --env-file reads', async () => {
    const { io } = world(undefined, {
      '/desk/Dockerfile': 'FROM node',
      '/desk/asgard.json': '{ "infra": { "tools": { "admin_*": { "deny": true }, "search": { "perMinute": 60 } } } }',
    });
    await run(['infra', 'up'], io);
    io.printed.out = '';
    expect(await run(['infra', 'env'], io)).toBe(0);
    expect(JSON.parse(parseEnv(io.printed.out).ASGARD_TOOL_RULES ?? '')).toEqual({
      'admin_*': { deny: true },
      search: { perMinute: 60 },
    });
  });

  test('reset asks where somebody is, insists on --yes where nobody is, and makes new secrets', async () => {
    const { io } = await up();
    const before = io.disk.get(SECRETS);
    expect(await run(['infra', 'reset'], io)).toBe(2);
    expect(io.disk.get(SECRETS)).toBe(before);
    expect(await run(['infra', 'reset', '--yes'], io)).toBe(0);
    expect(io.disk.get(SECRETS)).not.toBe(before);
  });

  test('logs go to the output; an unknown service is named', async () => {
    const { io } = await up({
      programs: workingDocker([/ logs --no-color --follow --since 10m odin$/, { lines: ['odin | a', 'odin | b'] }]),
    });
    expect(await run(['infra', 'logs', 'odin', '-f', '--since', '10m'], io)).toBe(0);
    expect(io.printed.out).toBe('odin | a\nodin | b\n');
    io.printed.out = '';
    await run(['infra', 'logs', 'odin', '-f', '--since', '10m', '--json'], io);
    expect(io.printed.out).toBe('{"container":"odin","text":"a"}\n{"container":"odin","text":"b"}\n');
    expect(await run(['infra', 'logs', 'thor'], io)).toBe(2);
  });

  test('open prints the address, and opens it only where somebody sits', async () => {
    const { io, effects } = await up();
    expect(await run(['infra', 'open', 'admin'], io)).toBe(0);
    expect(io.printed.out).toBe('http://localhost:7999/heimdall/admin/\n');
    expect(effects().opened).toEqual([]);
    expect(await run(['infra', 'open', 'moon'], io)).toBe(2);
  });

  test('eject copies what holds no secret; from then on the copies count', async () => {
    const { io, effects } = await up();
    expect(await run(['infra', 'eject'], io)).toBe(0);
    const copies = [...io.disk].filter(([path]) => path.startsWith('/desk/infra/compose/'));
    expect(copies.length).toBeGreaterThan(9);
    const secrets = [...(io.disk.get(SECRETS) ?? '').matchAll(/=(.+)$/gm)].map(([, value = '']) => value);
    for (const [path, content] of copies)
      for (const secret of secrets) expect(content.includes(secret), path).toBe(false);
    expect(await run(['infra', 'eject'], io)).toBe(1);
    io.disk.set('/desk/infra/compose/bifrost/kong.yml', 'mine');
    expect(await run(['infra', 'up'], io)).toBe(0);
    expect(io.disk.get('/desk/infra/compose/bifrost/kong.yml')).toBe('mine');
    expect(effects().ran.findLast((command) => command.includes(' up '))).toContain(
      '--project-directory /desk/infra/compose',
    );
  });
});
