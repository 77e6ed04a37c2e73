import { OdinServer } from '@asgard/odin';
import { fromEnvironment, listen } from '@asgard/odin/node';
import * as z from 'zod';

// Nobody signs in, so this server is for this machine: it listens on 127.0.0.1. To ask for tokens, delete `ASGARD_AUTH`.
const environment = fromEnvironment({ ...process.env, ASGARD_AUTH: 'none' });

export const odin = new OdinServer({ name: 'dice', version: '0.1.0', ...environment });

const Roll = z.object({
  sides: z.number().int().min(2).max(1000).default(6),
  count: z.number().int().min(1).max(100).default(1),
});

odin.tool({ name: 'roll', description: 'Roll dice', input: Roll }, ({ sides, count }) =>
  Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides)).join(' '),
);

odin.resource('dice://rules', { description: 'How to play', mimeType: 'text/plain' }, () => 'The higher sum wins.');

export const server = await listen(odin, { host: '127.0.0.1' });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
