import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('Ctrl-C while npm start builds ends it: 130, and no server', async () => {
  // As a terminal does it: the signal goes to all that runs in front.
  const child = spawn(process.execPath, ['scripts/start.mjs'], { cwd: root, detached: true });
  const timer = setTimeout(() => child.kill('SIGTERM'), 60_000);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await once(child.stderr, 'data');
  process.kill(-(child.pid ?? 0), 'SIGINT');
  const [exitCode] = await once(child, 'close');
  clearTimeout(timer);
  expect(exitCode).toBe(130);
  expect(said).toBe('');
});
