export type CheckStatus = 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';

export interface Check {
  id: string;
  name: string;
  status: CheckStatus;
  errorMessage?: string;
}

export interface ScenarioRun {
  scenario: string;
  checks: Check[];
  /** Why a pass or failure does not count for the requirement set: `extension`, `pending`, `added-after-release`. */
  notScored?: string;
}

export interface Verdict {
  run: ScenarioRun;
  passed: boolean;
  /** Checks that failed although nothing says they may. */
  unexpected: Check[];
  /** Every failure is on the list. */
  expected: boolean;
}

/** Entries of an expected-failures file (`scenario` or `scenario:check-id`), the format of the suite's own option. */
export function parseExpected(text: string): string[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/(^|\s)#.*$/, '').trimEnd();
    if (line === '' || line === 'server:' || line === 'server: []') return [];
    const entry = /^\s+- (\S+)$/.exec(line)?.[1];
    if (entry === undefined)
      throw new Error(`expected-failures line ${index + 1}: write "  - scenario" or "  - scenario:check-id"`);
    return [entry];
  });
}

/** A warning is a broken SHOULD: it counts as a failure here, so that it is either fixed or on the list. */
export function isFailed(check: Check): boolean {
  return check.status === 'FAILURE' || check.status === 'WARNING';
}

/** A scenario passes when it proved something and nothing failed. */
export function judge(run: ScenarioRun, expected: readonly string[]): Verdict {
  const failed = run.checks.filter(isFailed);
  const proved = run.checks.some((check) => check.status === 'SUCCESS');
  const passed = proved && failed.length === 0;
  const whole = expected.includes(run.scenario);
  const unexpected = whole ? [] : failed.filter((check) => !expected.includes(`${run.scenario}:${check.id}`));
  if (!proved && failed.length === 0 && !whole) {
    unexpected.push({ id: 'no-check', name: 'NoCheck', status: 'FAILURE', errorMessage: 'no check was made' });
  }
  return { run, passed, unexpected, expected: !passed && unexpected.length === 0 };
}

/** Entries that expect a failure which did not happen: the list must shrink with the faults. */
export function findStale(runs: readonly ScenarioRun[], expected: readonly string[]): string[] {
  return expected.filter((entry) => {
    const [scenario = '', checkId] = entry.split(':');
    const run = runs.find((candidate) => candidate.scenario === scenario);
    if (run === undefined) return true;
    if (checkId === undefined) return judge(run, []).passed;
    return !run.checks.some((check) => check.id === checkId && isFailed(check));
  });
}
