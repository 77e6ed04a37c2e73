import { describe, expect, test } from 'vitest';
import { run } from '../../src/program.ts';
import { DOCKER_WITHOUT_ENGINE, type FakeOptions, workingDocker } from '../infra/fake-effects.ts';
import { world } from '../infra/world.ts';

describe('a missing prerequisite: exit 3, naming the engine that was asked for', () => {
  test.each([
    ['no docker, no podman', [], [], /docker is not installed.*\npodman is not installed/],
    [
      'docker without an engine',
      ['--engine', 'docker'],
      [[/^docker version/, { exitCode: 1, stdout: DOCKER_WITHOUT_ENGINE }]],
      /engine does not answer/,
    ],
    [
      'docker without compose',
      ['--engine', 'docker'],
      workingDocker([/^docker compose version/, { exitCode: 1, stderr: 'docker: unknown command: docker compose' }]),
      /no compose plugin/,
    ],
    [
      'an old compose',
      ['--engine', 'docker'],
      workingDocker([/^docker compose version/, { stdout: '2.20.3' }]),
      /2\.20\.3; 2\.24 or later/,
    ],
    [
      'podman was asked for',
      ['--engine', 'podman'],
      workingDocker(),
      /^asgard: podman is not installed[^\n]*\nWithout containers: asgard dev\n$/,
    ],
  ] as const)('%s', async (_, flags, programs, message) => {
    const { io } = world({ programs: programs as FakeOptions['programs'] & object });
    expect(await run(['infra', 'up', ...flags], io)).toBe(3);
    expect(io.printed.err).toMatch(message);
  });

  test('podman is taken when docker does not work', async () => {
    const programs = workingDocker(
      [/^docker version/, { exitCode: 1, stdout: DOCKER_WITHOUT_ENGINE }],
      [/^podman version/, { stdout: '{"Client":{"Version":"5.2.1"}}' }],
      [/^podman compose version/, { stdout: '2.29.1' }],
    );
    const { io, effects } = world({ programs });
    expect(await run(['infra', 'up'], io)).toBe(0);
    expect(effects().ran.some((command) => /^podman compose .* up /.test(command))).toBe(true);
  });
});

describe('wrong usage: exit 2', () => {
  test.each([
    [['infra', 'up', '--engine', 'rkt'], 'The engine "rkt" is not known'],
    [['infra', 'up', '--profile', 'logs'], 'There is no profile "logs"'],
    [['infra', 'up', '--pull', 'often'], '--pull often'],
    [['infra', 'up', '--edge', 'loki'], 'infra.edge'],
    [['infra', 'upp'], "unknown command 'upp'"],
    [['infra', 'config', '--file', 'x'], 'There is no file "x"'],
  ])('%j', async (args, message) => {
    const { io } = world();
    expect(await run(args, io)).toBe(2);
    expect(io.printed.err).toContain(message);
  });
});
