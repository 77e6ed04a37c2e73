import { OdinServer, type OdinServerOptions } from '@asgard/odin';
import { Workshop } from './workshop.ts';

/** The server, not yet listening: `main.ts` puts it on HTTP, `stdio.ts` on stdin and stdout, the tests on nothing. */
export function createServer(options: Partial<OdinServerOptions> = {}): OdinServer {
  const odin = new OdinServer({ name: 'workshop', version: '0.1.0', ...options });
  odin.register(new Workshop());
  return odin;
}
