import { describe, expect, it } from 'vitest';
import { CLOSE_DEADLINE_MS, fuzz, MAX_GROWTH } from './fuzz.ts';
import { makeRequest } from './request.ts';

const SEED = 20_260_728;

describe('mutated requests', () => {
  it('are the same for the same seed', () => {
    for (let index = 0; index < 200; index += 1) expect(makeRequest(SEED, index)).toEqual(makeRequest(SEED, index));
    expect(makeRequest(SEED, 1)).not.toEqual(makeRequest(SEED + 1, 1));
  });

  it('get valid answers, and leave the server as it was', async () => {
    const report = await fuzz({ seed: SEED, requests: 20_000 });
    const again = report.failures.map(
      ({ index, problem }) => `${problem}\n  npm run fuzz -- --seed ${SEED} --only ${index}`,
    );
    expect(again).toEqual([]);
    expect(report.unhandled).toEqual([]);
    expect(report).toMatchObject({ sent: 20_000, connectionsLeft: 0 });
    expect(report.heap.late - report.heap.early).toBeLessThan(MAX_GROWTH);
    expect(report.closeMs).toBeLessThan(CLOSE_DEADLINE_MS);
    expect(report.answersByStatus['200']).toBeGreaterThan(2_000);
  });
});
