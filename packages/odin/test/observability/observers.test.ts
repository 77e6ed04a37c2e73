import { describe, expect, it } from 'vitest';
import type { ExchangeEvent } from '../../src/observability/exchange-event.ts';
import { Observers } from '../../src/observability/observers.ts';

const EVENT: ExchangeEvent = { method: 'ping', era: 'legacy', reply: 'json', status: 200, durationMs: 1 };

describe('Observers', () => {
  it('wants events only while somebody would hear them', () => {
    const observers = new Observers();
    expect(observers.wanted).toBe(false);
    let listening = false;
    const heard: ExchangeEvent[] = [];
    const stop = observers.add({ tell: (event) => void heard.push(event), wanted: () => listening });
    expect(observers.wanted).toBe(false);
    observers.tell(EVENT);
    listening = true;
    expect(observers.wanted).toBe(true);
    observers.tell(EVENT);
    stop();
    expect(observers.wanted).toBe(false);
    observers.tell(EVENT);
    expect(heard).toEqual([EVENT]);
  });
});
