import { describe, expect, it } from 'vitest';
import { CatchUp } from '../../src/hermod/catch-up.ts';
import { TopicBus } from '../../src/protocol/topic-bus.ts';

describe('CatchUp', () => {
  it('gives each change of its topics once, and nothing after that', () => {
    const bus = new TopicBus(10);
    const catchUp = new CatchUp(bus);
    catchUp.start(1, [{ kind: 'tools' }, { kind: 'resource', uri: 'note://1' }]);
    bus.publish({ kind: 'tools' });
    bus.publish({ kind: 'tools' });
    bus.publish({ kind: 'prompts' });
    expect(catchUp.isWaiting(1)).toBe(true);
    expect(catchUp.finish(1)).toEqual([{ kind: 'tools' }]);
    expect([catchUp.isWaiting(1), catchUp.finish(1)]).toEqual([false, undefined]);
  });

  it('leaves no listener behind', () => {
    const bus = new TopicBus(1);
    const catchUp = new CatchUp(bus);
    catchUp.start(1, [{ kind: 'tools' }]);
    expect(bus.full).toBe(true);
    catchUp.close();
    expect(bus.full).toBe(false);
  });
});
