import { serveStdio } from '@asgard/odin/stdio';
import { createInteropServer } from './fixture.ts';

await serveStdio(createInteropServer());
