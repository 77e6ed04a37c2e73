import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { useScaffolder } from './scaffolder.ts';

const scaffolder = useScaffolder();

describe('on a terminal', () => {
  test('asks; Enter takes the offer', async () => {
    const terminal = scaffolder.openTerminal('--no-install --no-git');
    const started = performance.now();
    await terminal.until('Folder of the new project');
    expect(performance.now() - started).toBeLessThan(10_000);
    terminal.child.stdin?.write('\r');
    await terminal.until('organizations: ');
    terminal.child.stdin?.write('\r');
    expect(await terminal.exit).toBe(0);
    expect(existsSync(join(scaffolder.work, 'my-server/src/workshop.ts'))).toBe(true);
  });

  const QUESTIONS = ['Folder of the new project', 'organizations: ', 'Install the dependencies now?'];

  test.each([1, 2, 3])('Ctrl-C at question %i: exit 130, one line, nothing made', async (count) => {
    const terminal = scaffolder.openTerminal('');
    for (const [index, question] of QUESTIONS.slice(0, count).entries()) {
      if (index > 0) terminal.child.stdin?.write('\r');
      await terminal.until(question);
    }
    terminal.child.stdin?.write('\x03');
    expect(await terminal.exit).toBe(130);
    expect(terminal.output()).toContain('create-asgard: Cancelled, nothing was created.');
    expect(terminal.output()).not.toMatch(/at .*\.js:\d/);
    expect(readdirSync(scaffolder.work)).toEqual([]);
  });
});
