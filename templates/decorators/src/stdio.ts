import { serveStdio } from '@asgard/odin/stdio';
import { createServer } from './server.ts';

await serveStdio(createServer());
