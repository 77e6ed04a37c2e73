import { startHermod } from '@asgard/devstack';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { gripProxyContract, type StartProxy } from './proxy-contract.ts';

const inProcess: StartProxy = async (options) => {
  const hermod = await startHermod({ ...options, subscriberPort: false });
  return {
    url: hermod.url,
    publisher: hermod.publisher,
    publishUrl: hermod.publishUrl,
    publishToken: hermod.publishToken,
    close: () => hermod.close(),
  };
};

const overZeroMq: StartProxy = async (options) => {
  const hermod = await startHermod(options);
  const publisher = createXpubPublisher({ urls: [hermod.subscriberUrl ?? ''] });
  await publisher.ready();
  return {
    url: hermod.url,
    publisher,
    connect: () => createXpubPublisher({ urls: [hermod.subscriberUrl ?? ''] }),
    async close() {
      await publisher.close();
      await hermod.close();
    },
  };
};

gripProxyContract('Hermod stand-in, in process', inProcess, ['passThrough', 'instruct', 'publish', 'link', 'holds']);
gripProxyContract('Hermod stand-in, over ZeroMQ', overZeroMq, ['publish', 'holds', 'recovery']);
