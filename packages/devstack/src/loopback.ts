import { isIPv4 } from 'node:net';
import { DevstackError } from './errors.ts';

/** Whether a host name or address can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (bare === 'localhost' || bare === '::1') return true;
  return isIPv4(bare) && bare.startsWith('127.');
}

export interface DevelopmentOnly {
  /** Who asks, for the message: `Hermod`, `Heimdall` or `Bifrost`. */
  readonly name: string;
  /** The host that shall be bound. */
  readonly host: string;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The guard in front of every stand-in: they know fixed users and fixed shortcuts, so they run on a developer's machine or not at all.
 *
 * @throws DevstackError `production_refused` when `NODE_ENV` is `production`; `host_refused` when `host` is not loopback.
 */
export function verifyDevelopmentOnly({ name, host, env = process.env }: DevelopmentOnly): void {
  if (env.NODE_ENV === 'production') {
    throw new DevstackError(
      'production_refused',
      `The ${name} stand-in is for development and refuses to start with NODE_ENV=production. Run the real server instead (asgard infra up).`,
    );
  }
  if (!isLoopback(host)) {
    throw new DevstackError(
      'host_refused',
      `The ${name} stand-in listens on loopback only and refuses host "${host}". Use 127.0.0.1, or run the real server (asgard infra up).`,
    );
  }
}
