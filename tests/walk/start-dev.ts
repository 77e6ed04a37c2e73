import { fileURLToPath } from 'node:url';
import { type DevEvent, type Exchange, type StartStack, startDevSession, startStandIns } from 'asgard';
import type { WalkTarget } from './target.ts';

const TEMPLATE = fileURLToPath(new URL('../../templates/decorators/', import.meta.url)).replace(/\/$/, '');

const LISTEN_LIMIT_MS = 8000;

export interface StartDevOptions {
  /** @default the three stand-ins */
  readonly startStack?: StartStack;
  readonly onEvent?: (event: DevEvent) => void;
}

/** Runs the decorators template under `asgard dev`, and waits until it listens. */
export async function startDev({ startStack = startStandIns, onEvent }: StartDevOptions = {}): Promise<WalkTarget> {
  const exchanges: Exchange[] = [];
  const printed: string[] = [];
  let settle: (failure?: Error) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    settle = (failure) => (failure === undefined ? resolve() : reject(failure));
  });
  // It may fail while the stack still starts, before anybody waits for it.
  ready.catch(() => undefined);
  const session = await startDevSession({
    directory: TEMPLATE,
    entry: 'src/main.ts',
    port: 7999,
    env: process.env,
    startStack,
    onEvent: (event) => {
      onEvent?.(event);
      if (event.kind === 'exchange') exchanges.push(event.exchange);
      if (event.kind === 'output') printed.push(event.text);
      if (event.kind === 'listening') settle();
      if (event.kind === 'crashed') settle(new Error(`the server ended: ${printed.join('')}`));
      if (event.kind === 'build-failed') settle(new Error(event.message));
    },
  });
  const limit = setTimeout(() => settle(new Error(`the server does not listen: ${printed.join('')}`)), LISTEN_LIMIT_MS);
  try {
    await ready;
  } catch (error) {
    await session.close();
    throw error;
  } finally {
    clearTimeout(limit);
  }
  const { mcpUrl, issuer, users } = session.stack;
  return {
    ...{ mcpUrl, issuer, users, exchanges },
    serverUrl: session.serverUrl,
    directory: TEMPLATE,
    measure: session.measure,
    close: session.close,
  };
}
