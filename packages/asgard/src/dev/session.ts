import type { InfraSettings } from '../infra/settings.ts';
import { createBundler } from './bundle.ts';
import { findFreePort } from './port.ts';
import { ReloadingServer, type ReloadingServerOptions } from './reloading-server.ts';
import type { Stack, StackOptions, StartStack } from './stack.ts';

export interface DevSessionOptions extends ReloadingServerOptions {
  /** The file that starts the server, relative to the project. */
  readonly entry: string;
  /** Preferred public port. */
  readonly port: number;
  /** Routes, edge, and rules for tools. @default those of a project without asgard.json */
  readonly settings?: InfraSettings;
  readonly startStack: StartStack;
  /** Everything that proxy and gateway tell. @default nobody hears it */
  readonly onTraffic?: StackOptions['onTraffic'];
}

export interface DevSession {
  readonly stack: Stack;
  /** The server itself, without anything in front of it. */
  readonly serverUrl: string;
  /** HTTP requests in the server that wait for the end of their answer. */
  measure(): Promise<number>;
  /** Ends everything that was started. */
  close(): Promise<void>;
}

/** Starts the stack and the server, and starts the server again when one of its files changes. */
export async function startDevSession(options: DevSessionOptions): Promise<DevSession> {
  const serverPort = await findFreePort();
  const bundler = await createBundler(options);
  const server = new ReloadingServer(options, bundler, serverPort);
  let stack: Stack | undefined;
  // Together: what the stack cuts, the server need not wait for.
  const close = async (): Promise<void> => {
    await Promise.all([server.close(), stack?.close()]);
  };
  try {
    const building = server.prepare();
    // It is awaited below; until then nobody may take a failure for a forgotten one.
    building.catch(() => undefined);
    stack = await options.startStack({
      port: options.port,
      serverPort,
      ...(options.settings && { settings: options.settings }),
      onRefusal: (refusal) => options.onEvent({ kind: 'refusal', refusal }),
      ...(options.onTraffic !== undefined && { onTraffic: options.onTraffic }),
    });
    await building;
    server.environment = { ...stack.environment, PORT: String(serverPort), HOST: '127.0.0.1' };
    void server.change();
    const serverUrl = `http://127.0.0.1:${serverPort}${new URL(stack.mcpUrl).pathname}`;
    return { stack, serverUrl, measure: () => server.measure(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
