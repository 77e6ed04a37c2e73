import { expect, test } from 'vitest';
import { type Check, findStale, judge, parseExpected } from './verdict.ts';

const ok: Check = { id: 'a', name: 'A', status: 'SUCCESS' };
const bad: Check = { id: 'b', name: 'B', status: 'FAILURE', errorMessage: 'broken' };
const weak: Check = { id: 'c', name: 'C', status: 'WARNING' };

test('reads the list and refuses what it does not understand', () => {
  expect(parseExpected('# why\nserver:\n  - tools-list # later\n  - ping:ping-check\n')).toEqual([
    'tools-list',
    'ping:ping-check',
  ]);
  expect(parseExpected('server: []\n')).toEqual([]);
  expect(() => parseExpected('server:\n  - ping: ping-check\n')).toThrow('line 2');
});

test('a scenario passes only when it proved something and nothing failed', () => {
  expect(judge({ scenario: 's', checks: [ok] }, []).passed).toBe(true);
  expect(judge({ scenario: 's', checks: [ok, bad] }, []).unexpected).toEqual([bad]);
  expect(judge({ scenario: 's', checks: [ok, weak] }, []).unexpected).toEqual([weak]);
  expect(judge({ scenario: 's', checks: [] }, [])).toMatchObject({ passed: false, unexpected: [{ id: 'no-check' }] });
});

test('an expected failure is still a failure, but not an unexpected one', () => {
  const run = { scenario: 's', checks: [ok, bad, weak] };
  expect(judge(run, ['s'])).toMatchObject({ passed: false, expected: true, unexpected: [] });
  expect(judge(run, ['s:b'])).toMatchObject({ passed: false, expected: false, unexpected: [weak] });
  expect(judge(run, ['s:b', 's:c'])).toMatchObject({ expected: true });
});

test('an entry that no longer fails is stale', () => {
  const runs = [
    { scenario: 's', checks: [ok, bad] },
    { scenario: 't', checks: [ok] },
  ];
  expect(findStale(runs, ['s', 's:b'])).toEqual([]);
  expect(findStale(runs, ['t', 's:a', 'gone'])).toEqual(['t', 's:a', 'gone']);
});
