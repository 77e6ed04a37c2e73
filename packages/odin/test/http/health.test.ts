import { createInMemoryPublisher } from '@asgard/grip';
import { describe, expect, it } from 'vitest';
import { createMemoryCluster } from '../../src/index.ts';
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

  it('is that of one start of one replica, for whoever asks for that', async () => {
    const publisher = createInMemoryPublisher();
    const recovery = { sealer: { seal: () => 'x', unseal: () => undefined }, advertise: 'http://10.0.0.7:8080' };
    const { odin } = createFixture({
      cluster: createMemoryCluster(),
      hermod: { publisher, keys: ['a key that is long enough for HS256'], replica: 'r1', recovery },
    });
    const askFor = async (owner: string): Promise<number> =>
      (await odin.fetch(new Request('http://10.0.0.7:8080/.odin/live', { headers: { 'odin-owner': owner } }))).status;
    expect([await askFor('r1.1'), await askFor('r2.1')]).toEqual([421, 421]);
    expect(await ask(odin, '/.odin/live')).toBe(200);
    await odin.close({ deadlineMs: 0 });
  });
});
