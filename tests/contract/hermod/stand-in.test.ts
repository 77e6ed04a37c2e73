import { randomBytes } from 'node:crypto';
import { startHermod } from '@asgard/devstack';
import { hermodContract } from './suite.ts';

hermodContract('stand-in', async (upstream) => {
  const key = `base64:${randomBytes(32).toString('base64')}`;
  const hermod = await startHermod({ upstream, key });
  const { url, subscriberUrl, publishUrl, publishToken } = hermod;
  if (!subscriberUrl || !publishUrl || !publishToken) throw new Error('zeromq is a dependency of this workspace');
  return {
    url,
    subscriberUrl,
    publish: { url: publishUrl, token: publishToken },
    key,
    issuer: 'asgard',
    features: new Set(['link:gone']),
    close: hermod.close,
  };
});
