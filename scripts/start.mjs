// Builds what is stale and runs the decorators template under `asgard dev`; with --check, walks the main path instead of waiting.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const known = new Set(['--check']);
const unknown = process.argv.slice(2).filter((argument) => !known.has(argument));
if (unknown.length > 0) {
  console.error(`npm start takes --check and nothing else, not ${unknown.join(' ')}.`);
  process.exit(2);
}

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const built = await run('node_modules/.bin/turbo', ['run', 'build', '--output-logs=errors-only'], { stdout: 2 });
if (built !== 0) process.exit(built);
process.exit(process.argv.includes('--check') ? await check() : await dev());

function dev() {
  return run(process.execPath, [join(root, 'packages/asgard/dist/bin.js'), 'dev'], {
    cwd: join(root, 'templates/decorators'),
  });
}

function check() {
  return run('node_modules/.bin/tsx', ['tests/walk/main.ts'], {});
}

/** Runs a program to its end. Ctrl-C reaches it by itself; other signals are handed on. */
function run(command, args, { cwd = root, stdout = 1 }) {
  const child = spawn(command, args, { cwd, env, stdio: ['inherit', stdout, 'inherit'] });
  const ignore = () => {};
  const forward = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', forward);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}. Run "npm ci" first.`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}
