import { describe, expect, test } from 'vitest';
import { run } from '../src/program.ts';
import { createMemoryIo } from './memory-io.ts';

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
    [['call'], "missing required argument 'tool'"],
    [['call', 't', '--timeout', '0'], '--timeout 0 is not a number of seconds'],
  ])('%j', async (args, message) => {
    const io = createMemoryIo();
    expect(await run(args, io)).toBe(2);
    expect(io.printed.err).toContain(message);
    expect(io.printed.err.trim().split('\n')).toHaveLength(1);
    expect(io.printed.out).toBe('');
  });
});

test('an old Node is named', async () => {
  const io = createMemoryIo({ nodeVersion: '18.20.0' });
  expect(await run(['dev'], io)).toBe(3);
  expect(io.printed.err).toBe('asgard: Asgard needs Node 20.19 or later; this is 18.20.0.\n');
});
