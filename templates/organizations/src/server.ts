import { OdinServer, type OdinServerOptions } from '@asgard/odin';
import { registerBoard } from './board.ts';
import { createFileNotices, type Notices } from './notices.ts';

export interface ServerOptions extends Partial<OdinServerOptions> {
  /** @default the file that NOTICES_FILE names */
  readonly notices?: Notices;
}

/** The server, not yet listening: `main.ts` puts it on HTTP, the tests on nothing. */
export function createServer({ notices, ...options }: ServerOptions = {}): OdinServer {
  const odin = new OdinServer({ name: 'board', version: '0.1.0', ...options });
  registerBoard(odin, notices ?? createFileNotices(process.env.NOTICES_FILE ?? 'notices.jsonl'));
  return odin;
}
