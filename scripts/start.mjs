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

// Ctrl-C reaches whatever runs by itself; what has come to its end nevertheless is not gone on from.
let stopped = false;
process.on('SIGINT', () => {
  stopped = true;
});

const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
console.error('Building what is stale ...');
const built = await run('node_modules/.bin/turbo', ['run', 'build', '--output-logs=errors-only'], { quiet: true });
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

/** Runs a program to its end; a quiet one is heard only when it fails. Other signals than Ctrl-C are handed on to it. */
function run(command, args, { cwd = root, quiet = false }) {
  const child = spawn(command, args, { cwd, env, stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit' });
  const said = [];
  child.stdout?.on('data', (chunk) => said.push(chunk));
  child.stderr?.on('data', (chunk) => said.push(chunk));
  const forward = () => child.kill('SIGTERM');
  process.on('SIGTERM', forward);
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}. Run "npm ci" first.`);
      resolve(1);
    });
    child.once('close', (code, signal) => {
      process.off('SIGTERM', forward);
      if (code !== 0 && !stopped) process.stderr.write(Buffer.concat(said));
      resolve(stopped || signal === 'SIGINT' ? 130 : (code ?? 1));
    });
  });
}
