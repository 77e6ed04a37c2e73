import { parseGripUrl } from '@asgard/grip';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { createNotifier } from '@asgard/odin';

// A cron job, a webhook, a queue worker: it serves no HTTP and still reaches every subscriber.
const { GRIP_URL = '', ASGARD_URL = '' } = process.env; // both as the server has them
const proxy = parseGripUrl(GRIP_URL);
if (proxy.kind !== 'zeromq') throw new Error('GRIP_URL must be tcp://host:port.');
const publisher = createXpubPublisher({ urls: proxy.urls });
await publisher.ready();

const notify = createNotifier({ publisher, server: ASGARD_URL });
await notify.resourceUpdated('note://today');
await publisher.close();
