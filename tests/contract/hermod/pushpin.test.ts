import { randomBytes } from 'node:crypto';
import { findPushpin, startPushpin } from '../../real/pushpin.ts';
import { describeWith } from '../../real/requirement.ts';
import { hermodContract } from './suite.ts';

describeWith('GRIP proxy', await findPushpin(), () => {
  hermodContract('Pushpin', async (upstream) => {
    const key = `base64:${randomBytes(32).toString('base64')}`;
    const pushpin = await startPushpin({ upstream, key });
    const { url, subscriberUrl, publishUrl } = pushpin;
    return {
      url,
      subscriberUrl,
      publish: { url: publishUrl },
      key,
      issuer: 'asgard',
      features: new Set(),
      close: () => pushpin.close(),
    };
  });
});
