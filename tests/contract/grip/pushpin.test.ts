import { createXpubPublisher } from '@asgard/grip/zeromq';
import { findPushpin, startPushpin } from '../../real/pushpin.ts';
import { describeWith } from '../../real/requirement.ts';
import { gripProxyContract } from './proxy-contract.ts';

describeWith('GRIP proxy', await findPushpin(), () => {
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
});
