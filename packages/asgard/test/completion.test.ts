import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/command-tree.ts';
import { SHELLS } from '../src/completion.ts';
import { run } from '../src/program.ts';
import { createMemoryIo } from './memory-io.ts';

test.each(SHELLS)('%s: every command is in the script', async (shell) => {
  const io = createMemoryIo();
  expect(await run(['completion', shell], io)).toBe(0);
  for (const { name } of COMMANDS) expect(io.printed.out).toContain(name);
  expect(io.printed.err).toBe('');
});

test.each([
  ['asgard co', 'completion'],
  ['asgard add r', 'resource'],
  ['asgard call --to', '--token'],
  ['asgard infra ', 'up'],
])('bash completes "%s" to %s', async (line, expected) => {
  const io = createMemoryIo();
  await run(['completion', 'bash'], io);
  const words = line.split(' ');
  const script = `${io.printed.out}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_asgard
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toContain(expected);
});
