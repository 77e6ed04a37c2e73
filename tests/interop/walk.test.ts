import { describe, expect, test } from 'vitest';
import { findPushpin, startPushpin } from '../real/pushpin.ts';
import { describeWith } from '../real/requirement.ts';
import { behind } from '../walk/stack.ts';
import { startDev } from '../walk/start-dev.ts';
import type { StartTarget } from '../walk/target.ts';
import { type StepReport, walk } from '../walk/walk.ts';

/** The main path, as `npm start -- --check` walks it. */
async function expectWalk(start: StartTarget): Promise<void> {
  const reports: StepReport[] = [];
  await walk({ start, report: (report) => reports.push(report) });
  const failed = reports.find((report) => report.error !== undefined);
  if (failed !== undefined) throw new Error(`step "${failed.name}" failed`, { cause: failed.error });
  expect(reports.length).toBe(14);
}

describe('the main path', async () => {
  test('behind the stand-ins', () => expectWalk(startDev));

  describeWith('behind real Pushpin', await findPushpin(), () => {
    test('is walked', () => expectWalk(() => startDev({ startStack: behind(startPushpin) })));
  });
});
