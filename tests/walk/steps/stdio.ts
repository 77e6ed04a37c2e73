import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { IDENTITY, stock } from '../clients.ts';
import type { Step } from '../walk.ts';

export const stdio: Step = {
  name: 'the same server over stdio',
  async run(state) {
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const client = new Client(IDENTITY, { versionNegotiation: { mode: { pin: '2026-07-28' } } });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ['--import', tsx, 'src/stdio.ts'],
        cwd: state.target.directory,
      }),
    );
    try {
      assert.equal(await stock(client, 'iron'), 1);
      return `${client.getNegotiatedProtocolVersion()}, a shelf of its own`;
    } finally {
      await client.close();
    }
  },
};
