import { randomBytes } from 'node:crypto';
import { describe, test } from 'vitest';
import { findPushpin, startPushpin } from '../../real/pushpin.ts';
import { hermodContract } from './suite.ts';

const found = await findPushpin();

if (found === undefined) {
  describe('GRIP proxy: Pushpin', () => {
    // A missing server must not pass unseen where everything is meant to be there.
    (process.env.CI ? test : test.skip)('pushpin, condure and zurl are on PATH', () => {
      throw new Error('Pushpin is not installed: apt-get install pushpin');
    });
  });
} else {
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
}
