import { createXpubPublisher } from '@asgard/grip/zeromq';
import { describe, expect, it } from 'vitest';
import { findPushpin, startPushpin } from '../../real/pushpin.ts';
import { gripProxyContract } from './proxy-contract.ts';

const found = await findPushpin();

if (found) {
  gripProxyContract('Pushpin', async (options) => {
    const pushpin = await startPushpin(options);
    const publisher = createXpubPublisher({ urls: [pushpin.subscriberUrl] });
    await publisher.ready();
    return {
      url: pushpin.url,
      publishUrl: pushpin.publishUrl,
      pushUrl: pushpin.pushUrl,
      publisher,
      stallsSlowReaders: true,
      connect: () => createXpubPublisher({ urls: [pushpin.subscriberUrl] }),
      async close() {
        await publisher.close();
        await pushpin.close();
      },
    };
  });
} else {
  describe('GRIP proxy: Pushpin', () => {
    it.skipIf(process.env.CI !== 'true')('is not installed: apt-get install pushpin', () => {
      expect(found, 'pushpin, condure and zurl must be on PATH in CI').toBeDefined();
    });
  });
}
