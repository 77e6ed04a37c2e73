import { describe, expect, it } from 'vitest';
import { Pause } from '../../src/protocol/pause.ts';

describe('Pause', () => {
  it('is only needed right after a notification', async () => {
    const pause = new Pause();
    expect(pause.wait()).toBeUndefined();
    pause.spoke();
    await pause.wait();
    await expect.poll(() => pause.wait()).toBeUndefined();
  });
});
