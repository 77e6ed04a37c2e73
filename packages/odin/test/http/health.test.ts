import { createInMemoryPublisher } from '@asgard/grip';
import { describe, expect, it } from 'vitest';
import { createFixture } from '../fixture.ts';

describe('health', () => {
  const ask = async (odin: ReturnType<typeof createFixture>['odin'], path: string): Promise<number> =>
    (await odin.fetch(new Request(`http://10.0.0.7:8080${path}`))).status;

  it('answers probes of any Host; ready ends with close, live does not', async () => {
    const { odin } = createFixture();
    expect([await ask(odin, '/.odin/live'), await ask(odin, '/.odin/ready')]).toEqual([200, 200]);
    await odin.close();
    expect([await ask(odin, '/.odin/live'), await ask(odin, '/.odin/ready')]).toEqual([200, 503]);
  });

  it('is not ready while the proxy cannot be reached', async () => {
    const publisher = createInMemoryPublisher();
    const away = { ...publisher, monitor: { ...publisher.monitor, connected: false } };
    const { odin } = createFixture({ hermod: { publisher: away, keys: ['a key that is long enough for HS256'] } });
    expect(await ask(odin, '/.odin/ready')).toBe(503);
  });
});
