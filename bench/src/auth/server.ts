import process from 'node:process';
import { OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { RESOURCE } from './token.ts';

/** A process of its own, so that its CPU time is the server's and not the client's. Any message is answered with that time. */
const issuer = process.argv[2];
const odin = new OdinServer({
  ...{ name: 'bench', version: '1.0.0', url: RESOURCE },
  ...(issuer && { auth: { issuer } }),
});
odin.tool({ name: 'ping' }, () => 'pong');
const server = await listen(odin, { port: 0, host: '127.0.0.1' });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicros: user + system });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port: server.port });
