import { describe, expect, test } from 'vitest';
import { AsgardError } from '../src/errors.ts';
import { run } from '../src/program.ts';
import { createMemoryIo, RUNNING } from './memory-io.ts';

describe('help and version', () => {
  test('go to stdout', async () => {
    const io = createMemoryIo();
    expect(await run(['--help'], io)).toBe(0);
    expect(io.printed.out).toMatch(/dev .*call .*token /s);
    expect(await run(['call', '--help'], io)).toBe(0);
    expect(io.printed.out).toContain('key:=json');
    expect(await run(['--version'], io)).toBe(0);
    expect(io.printed.out).toMatch(/0\.1\.0\n$/);
    expect(io.printed.err).toBe('');
  });

  test('no command at all prints the help', async () => {
    const io = createMemoryIo();
    expect(await run([], io)).toBe(0);
    expect(io.printed.out).toContain('Usage: asgard');
  });
});

describe('wrong usage: one line, exit 2', () => {
  test.each([
    [['dve'], "unknown command 'dve' (Did you mean dev?)"],
    [['dev', '--prt', '1'], "unknown option '--prt' (Did you mean --port?)"],
    [['dev', 'a', 'b'], "too many arguments for 'dev'"],
    [['dev', '--port', 'x'], '--port x is not a port number'],
    [['dev', '--port', '70000'], '--port 70000 is not a port number'],
    [
      ['add'],
      "missing required argument 'what', which is one of tool, resource, prompt. Usage: asgard add <what> <name>",
    ],
    [['add', 'tool'], "missing required argument 'name'. Usage: asgard add <what> <name>"],
    [
      ['add', 'tol', 'x'],
      "'tol' cannot be <what>, which is one of tool, resource, prompt. Usage: asgard add <what> <name>",
    ],
    [['token', '--what'], "unknown option '--what'. See asgard token --help"],
    [['infra', 'frobnicate'], "unknown command 'frobnicate'. See asgard infra --help"],
    [['dev', 'a', 'b'], 'Usage: asgard dev [entry]'],
    [['call', 't', '--timeout', '0'], '--timeout 0 is not a number of seconds'],
  ])('%j', async (args, message) => {
    const io = createMemoryIo();
    expect(await run(args, io)).toBe(2);
    expect(io.printed.err).toContain(message);
    expect(io.printed.err.trim().split('\n')).toHaveLength(1);
    expect(io.printed.out).toBe('');
  });
});

test('a group without one of its commands says which there are: exit 2', async () => {
  const io = createMemoryIo();
  expect(await run(['infra'], io)).toBe(2);
  expect(io.printed.out).toBe('');
  expect(io.printed.err).toMatch(/^Usage: asgard infra .*\n {2}up \[options\]/s);
  expect(io.printed.err).not.toContain('(outputHelp)');
});

test.each([
  [['infra', 'up', '--json', '--profil', 'x'], 'usage', 2],
  [['infra', 'up', '--timeout', '-1', '--json'], 'usage', 2],
  [['call', 't', '--json'], 'not_running', 1],
  [['token', '--json'], 'not_running', 1],
  [['publish', 'tools', '--json'], 'not_running', 1],
  [['add', 'tool', 'Bad Name', '--json'], 'usage', 2],
  [['dev', '--json', 'nothing.ts'], 'entry_missing', 2],
] as const)('%j: with --json the error is an object on stdout too', async (args, code, exitCode) => {
  const io = createMemoryIo();
  expect(await run(args, io)).toBe(exitCode);
  expect(io.printed.out.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(io.printed.out)).toMatchObject({ ok: false, error: { code, message: expect.any(String) } });
  expect(io.printed.err).toMatch(/^asgard: .+\n$/);
});

test('what a server says cannot take over the screen', async () => {
  const callTool = () => Promise.reject(new Error('red \u001b[31mapple\u0007\nsecond line'));
  const io = createMemoryIo({ disk: RUNNING, processes: [77], callTool });
  expect(await run(['call', 't'], io)).toBe(1);
  expect(io.printed.err).toBe('asgard: red [31mapple\nsecond line\n');
});

test('on a terminal, what is said after Ctrl-C begins a line of its own', async () => {
  const callTool = () => Promise.reject(new AsgardError('cancelled', 'Cancelled.'));
  for (const isTTY of [true, false]) {
    const io = createMemoryIo({ disk: RUNNING, processes: [77], callTool });
    Object.assign(io.stderr, { isTTY });
    expect(await run(['call', 't'], io)).toBe(130);
    expect(io.printed.err).toBe(isTTY ? '\nasgard: Cancelled.\n' : 'asgard: Cancelled.\n');
  }
});

test('an old Node is named', async () => {
  const io = createMemoryIo({ nodeVersion: '18.20.0' });
  expect(await run(['dev'], io)).toBe(3);
  expect(io.printed.err).toBe('asgard: Asgard needs Node 20.19 or later; this is 18.20.0.\n');
});
