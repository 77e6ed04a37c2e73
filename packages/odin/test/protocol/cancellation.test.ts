import { describe, expect, it } from 'vitest';
import { Cancellation } from '../../src/protocol/cancellation.ts';

describe('Cancellation', () => {
  it('aborts a signal that was asked for before and after', () => {
    const cancellation = new Cancellation();
    const before = cancellation.signal;
    cancellation.cancel('gone');
    cancellation.cancel('again');
    expect([before.aborted, cancellation.signal === before, cancellation.cancelled]).toEqual([true, true, true]);
    expect(before.reason).toMatchObject({ name: 'AbortError', message: 'gone' });
    const late = new Cancellation();
    late.cancel('gone');
    expect(late.signal.aborted).toBe(true);
  });
});
