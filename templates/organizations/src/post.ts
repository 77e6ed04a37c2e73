import { parseGripUrl } from '@asgard/grip';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { createNotifier } from '@asgard/odin';
import { createFileNotices } from './notices.ts';
import { postFromOutside } from './outside.ts';

// A process of its own, as a cron job or a queue worker is: it serves no HTTP, and still reaches every subscriber.
const [organization, text] = process.argv.slice(2);
const { ASGARD_URL: server, GRIP_URL: gripUrl, NOTICES_FILE: file = 'notices.jsonl' } = process.env;
if (organization === undefined || text === undefined) throw new Error('Usage: npm run post -- ORGANIZATION TEXT');
if (server === undefined || gripUrl === undefined) throw new Error('Set ASGARD_URL and GRIP_URL as for the server.');
const endpoint = parseGripUrl(gripUrl);
if (endpoint.kind !== 'zeromq') throw new Error('GRIP_URL must be tcp://host:port.');

const publisher = createXpubPublisher({ urls: endpoint.urls });
await publisher.ready();
await postFromOutside(
  { organization, text },
  { notices: createFileNotices(file), notify: createNotifier({ publisher, server }) },
);
await publisher.close();
