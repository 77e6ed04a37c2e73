import { fromEnvironment, listen } from '@asgard/odin/node';
import { createServer } from './server.ts';

const server = await listen(createServer(fromEnvironment()));

// Running calls finish and their results arrive, also when a deploy replaces this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
