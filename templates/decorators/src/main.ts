import { fromEnvironment, listen } from '@asgard/odin/node';
import { createServer } from './server.ts';

await listen(createServer(fromEnvironment()));
