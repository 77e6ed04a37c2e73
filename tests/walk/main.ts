import { createPaint } from 'asgard';
import { startDev } from './start-dev.ts';
import { type StepReport, walk } from './walk.ts';

const paint = createPaint(process.stdout.isTTY === true);

const ok = await walk({ start: startDev, report: print });
process.exit(ok ? 0 : 1);

function print({ name, durationMs, seen, error }: StepReport): void {
  const time = `${durationMs.toFixed(0)} ms`.padStart(8);
  const mark = error === undefined ? paint.green('ok  ') : paint.red('FAIL');
  process.stdout.write(`${mark} ${time}  ${name.padEnd(52)} ${paint.dim(seen ?? '')}\n`);
  if (error !== undefined)
    process.stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
