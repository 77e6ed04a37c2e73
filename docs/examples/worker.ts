import { createXpubPublisher } from '@asgard/grip/zeromq';
import { createNotifier } from '@asgard/odin';

// A cron job, a webhook, a queue worker: it serves no HTTP and still reaches every subscriber.
const publisher = createXpubPublisher({ urls: ['tcp://127.0.0.1:5562'] });
await publisher.ready();

const notify = createNotifier({ publisher, server: 'https://mcp.example.com/mcp' }); // the server's url
await notify.resourceUpdated('note://today');
await publisher.close();
