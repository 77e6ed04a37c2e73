import { describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import {
  createFakeEffects,
  DOCKER_WITHOUT_ENGINE,
  type FakeEffects,
  type FakeOptions,
  workingDocker,
} from '../infra/fake-effects.ts';
import { createMemoryIo, type MemoryIo } from '../memory-io.ts';

interface Finding {
  name: string;
  outcome: string;
  message: string;
  fix?: string;
}

function world(options: FakeOptions = {}, disk: Record<string, string> = { '/desk/Dockerfile': 'FROM node' }) {
  let effects: FakeEffects | undefined;
  const io: MemoryIo = createMemoryIo({
    disk,
    infra: (own) => {
      effects ??= createFakeEffects(own, { programs: workingDocker(), ...options });
      return effects;
    },
  });
  return { io, effects: () => effects };
}

async function diagnose(io: MemoryIo, ...flags: string[]): Promise<{ code: number; find: (name: string) => Finding }> {
  io.printed.out = '';
  const code = await run(['doctor', '--json', ...flags], io);
  const { checks, ok } = JSON.parse(io.printed.out) as { ok: boolean; checks: Finding[] };
  expect(ok).toBe(code === 0);
  for (const { outcome, fix } of checks) if (outcome === 'failed' || outcome === 'warning') expect(fix).toBeTruthy();
  return {
    code,
    find: (name) => checks.find((check) => check.name === name) ?? { name, outcome: 'missing', message: '' },
  };
}

test('a fresh project is well: what was never started is no fault', async () => {
  const { code, find } = await diagnose(world().io);
  expect(code).toBe(0);
  expect(find('node').outcome).toBe('ok');
  expect(find('engine').message).toBe('docker 28.2.2, compose 2.39.1');
  for (const name of ['secrets', 'agreement', 'grip key', 'pushpin.conf', 'stream', 'readiness']) {
    expect(find(name).outcome).toBe('skipped');
  }
});

test('for people: a line each, with the fix below', async () => {
  const { io } = world({ takenPorts: [7999] });
  expect(await run(['doctor'], io)).toBe(1);
  expect(io.printed.out).toMatch(/^ok {4}node {12}Node 20\.19\.0$/m);
  expect(io.printed.out).toMatch(/^FAIL {2}ports .*\n +-> Stop that, or take another: asgard infra up --port 8000$/m);
});

describe('what it finds', () => {
  test('no engine: a warning before the stack was ever started, a failure after', async () => {
    const programs = [[/^docker version/, { exitCode: 1, stdout: DOCKER_WITHOUT_ENGINE }]] as const;
    const fresh = await diagnose(world({ programs }).io);
    expect(fresh.code).toBe(0);
    expect(fresh.find('engine')).toMatchObject({
      outcome: 'warning',
      message: expect.stringContaining('does not answer'),
    });
    const asked = await diagnose(world({ programs }).io, '--engine', 'docker');
    expect(asked.find('engine').outcome).toBe('failed');
  });

  test('little memory, in the engine rather than in the machine', async () => {
    const { find } = await diagnose(
      world({ programs: workingDocker([/^docker info/, { stdout: String(2 * 1024 ** 3) }]) }).io,
    );
    expect(find('memory')).toMatchObject({ outcome: 'warning', message: '2.0 GB in the engine; the stack needs 4' });
  });

  test('a native Pushpin without its carriers, or with defaults that hurt', async () => {
    const bare = await diagnose(world({ found: ['pushpin', 'condure'] }).io);
    expect(bare.find('native pushpin')).toMatchObject({ outcome: 'warning', fix: 'apt-get install zurl' });
    const disk = { '/etc/pushpin/pushpin.conf': '[handler]\nmessage_rate=2500\n' };
    const whole = await diagnose(world({ found: ['pushpin', 'condure', 'zurl'] }, disk).io);
    expect(whole.find('native pushpin').message).toContain('message_rate=2500');
  });

  describe('in a stack that was started', () => {
    const started = async () => {
      const made = world();
      expect(await run(['infra', 'up'], made.io)).toBe(0);
      return made;
    };

    test('nothing, when all is as written', async () => {
      const { find } = await diagnose((await started()).io);
      for (const name of ['secrets', 'agreement', 'grip key', 'pushpin.conf']) expect(find(name).outcome).toBe('ok');
    });

    test.each([
      [
        'secrets',
        'secrets.env',
        (text: string) => text.replace(/^ASGARD_GRIP_KEY=.*$/m, 'ASGARD_GRIP_KEY=changeme'),
        /ASGARD_GRIP_KEY/,
      ],
      [
        'agreement',
        'bifrost/kong.yml',
        (text: string) => text.replaceAll('http://localhost:7999/mcp', 'http://other.example/mcp'),
        /audience is http:\/\/other/,
      ],
      ['agreement', 'bifrost/kong.yml', (text: string) => text.replace('retries: 0', 'retries: 5'), /retries/],
      ['agreement', 'bifrost/kong.yml', () => 'a: b', /kong\.yml/],
      [
        'agreement',
        'heimdall/realm.json',
        (text: string) => text.replaceAll('http://localhost:7999/mcp', 'http://other.example/mcp'),
        /no token the audience/,
      ],
      [
        'agreement',
        'compose.yaml',
        (text: string) => text.replace('KC_HOSTNAME: http://localhost:7999', 'KC_HOSTNAME: http://localhost:1'),
        /another public name/,
      ],
      ['agreement', 'hermod/routes', () => '* elsewhere:1\n', /has changed since: hermod\/routes/],
      [
        'pushpin.conf',
        'hermod/pushpin.conf',
        (text: string) => text.replace('message_rate=0', 'message_rate=2500'),
        /message_rate/,
      ],
      ['grip key', 'hermod/pushpin.conf', (text: string) => text.replace('@GRIP_KEY@', 'A'.repeat(43)), /another key/],
    ])('%s: a changed %s', async (name, file, change, message) => {
      const { io } = await started();
      const path = `/desk/.asgard/infra/${file}`;
      io.disk.set(path, change(io.disk.get(path) ?? ''));
      const { code, find } = await diagnose(io);
      expect(code).toBe(1);
      expect(find(name)).toMatchObject({ outcome: 'failed', message: expect.stringMatching(message) });
    });

    test('secrets that others may read', async () => {
      const { io, effects } = await started();
      effects()?.modes.set('/desk/.asgard/infra/secrets.env', 0o644);
      expect((await diagnose(io)).find('secrets')).toMatchObject({
        outcome: 'failed',
        fix: 'chmod 600 /desk/.asgard/infra/secrets.env',
      });
    });
  });
});
