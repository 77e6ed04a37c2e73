import { readFileSync } from 'node:fs';
import { createPaint, formatBanner } from 'asgard';
import { startDev } from './start-dev.ts';
import type { WalkTarget } from './target.ts';
import { type StepReport, walk } from './walk.ts';

const manifest = JSON.parse(readFileSync(new URL('../../packages/asgard/package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const paint = createPaint(process.stdout.isTTY === true);

const ok = await walk({ start: startWithBanner, report: print });
process.exit(ok ? 0 : 1);

async function startWithBanner(): Promise<WalkTarget> {
  const target = await startDev();
  process.stdout.write(formatBanner({ version: manifest.version, name: 'decorators', stack: target }, paint));
  return target;
}

function print({ name, durationMs, seen, error }: StepReport): void {
  const time = `${durationMs.toFixed(0)} ms`.padStart(8);
  const mark = error === undefined ? paint.green('ok  ') : paint.red('FAIL');
  process.stdout.write(`${mark} ${time}  ${name.padEnd(52)} ${paint.dim(seen ?? '')}\n`);
  if (error !== undefined)
    process.stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
