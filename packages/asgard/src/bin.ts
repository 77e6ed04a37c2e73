#!/usr/bin/env node
import { createNodeIo } from './node-io.ts';
import { run } from './program.ts';

process.exit(await run(process.argv.slice(2), createNodeIo()));
