import type { MonitoredPublisher } from '@asgard/grip';
import { afterAll, beforeAll, describe } from 'vitest';
import { holdsContract } from './holds-contract.ts';
import { instructContract } from './instruct-contract.ts';
import { linkContract } from './link-contract.ts';
import { type Origin, startOrigin } from './origin.ts';
import { passThroughContract } from './pass-through-contract.ts';
import { publishContract } from './publish-contract.ts';
import { recoveryContract } from './recovery-contract.ts';

/** A GRIP proxy under test. */
export interface ProxyUnderTest {
  /** Where clients connect. */
  readonly url: string;
  /** Publishes to it, and hears its subscriptions. The suite does not close it. */
  readonly publisher: MonitoredPublisher;
  /** Another publisher, as a process has that starts later: it hears of every live channel. */
  connect?(): MonitoredPublisher;
  /** Below it, items are posted to `/publish/`, if the proxy has such a port. */
  readonly publishUrl?: string | undefined;
  /** Bearer for those posts. */
  readonly publishToken?: string | undefined;
  /** Where PUSH sockets connect, if the proxy has such a port. */
  readonly pushUrl?: string | undefined;
  /** A client that stops reading is never sent anything again (condure 1.9.1, also without a hold). */
  readonly stallsSlowReaders?: boolean;
  close(): Promise<void>;
}

/** Starts a proxy in front of the origin that signs with the key and the issuer. */
export type StartProxy = (options: { upstream: string; key: string; issuer: string }) => Promise<ProxyUnderTest>;

/** What each part of the suite works with. */
export interface ContractContext {
  readonly proxy: ProxyUnderTest;
  readonly origin: Origin;
  readonly key: string;
  readonly issuer: string;
}

const PARTS = {
  passThrough: passThroughContract,
  instruct: instructContract,
  publish: publishContract,
  link: linkContract,
  holds: holdsContract,
  recovery: recoveryContract,
};

/** A part of the suite. */
export type ContractPart = keyof typeof PARTS;

/**
 * What every GRIP proxy has to do for holds to be trusted. Run it for the real one and for each stand-in.
 * A second way into the same proxy needs only the parts that differ.
 */
export function gripProxyContract(
  name: string,
  start: StartProxy,
  parts: readonly ContractPart[] = Object.keys(PARTS) as ContractPart[],
): void {
  describe(`GRIP proxy: ${name}`, () => {
    const key = `base64:${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
    const issuer = 'asgard';
    let context: ContractContext | undefined;

    beforeAll(async () => {
      const origin = await startOrigin();
      context = { proxy: await start({ upstream: origin.url, key, issuer }), origin, key, issuer };
    });

    afterAll(async () => {
      await context?.proxy.close();
      await context?.origin.close();
    });

    const get = (): ContractContext => {
      if (!context) throw new Error('the proxy has not started');
      return context;
    };
    for (const part of parts) PARTS[part](get);
  });
}
