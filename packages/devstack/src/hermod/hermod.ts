import { randomBytes } from 'node:crypto';
import type { MonitoredPublisher } from '@asgard/grip';
import { DevstackError } from '../errors.ts';
import { createListener } from '../http/listener.ts';
import { createUpstream } from '../http/upstream.ts';
import { verifyDevelopmentOnly } from '../loopback.ts';
import { createChannels } from './channels.ts';
import { type Clock, systemClock } from './clock.ts';
import { createDelivery } from './delivery.ts';
import type { HermodEvent } from './event.ts';
import { createHolds } from './holds.ts';
import { createLinks } from './link.ts';
import { createProxy } from './proxy.ts';
import { listenForPublish } from './publish-http.ts';
import { listenForZeroMq, type PublishZeroMq, type ZeroMq } from './publish-zeromq.ts';
import { createProcessPublisher } from './publisher.ts';
import { createRequestSigner } from './signature.ts';

export interface HermodOptions {
  /** Origin of the gateway or of the server, such as `http://127.0.0.1:8000`. */
  readonly upstream: string;
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** Loopback only. @default '127.0.0.1', with `::1` beside it */
  readonly host?: string;
  /** Signs each request: text, or `base64:` and the bytes; at least 32 bytes. */
  readonly key: string;
  /** `iss` of the signatures. @default 'asgard' */
  readonly issuer?: string;
  /** Port of `POST /publish/`; false: none. @default 0 */
  readonly publishPort?: number | false;
  /** Bearer for the publish port. @default 32 random bytes, as hexadecimal text */
  readonly publishToken?: string;
  /** Port that XPUB sockets connect to; false: none. @default 0 */
  readonly subscriberPort?: number | false;
  readonly onEvent?: (event: HermodEvent) => void;
  /** Loads the optional package `zeromq`. @default import('zeromq') */
  readonly loadZeroMq?: () => Promise<ZeroMq>;
  /** @default the machine's */
  readonly clock?: Clock;
}

export interface HermodStats {
  /** Connections that are held now. */
  readonly held: number;
  /** Channels with at least one of them, or lingering after one. */
  readonly channels: number;
  /** Messages from ZeroMQ that were no items. */
  readonly garbage: number;
}

export interface Hermod {
  readonly url: string;
  readonly port: number;
  /** `tcp://…`; absent without ZeroMQ. */
  readonly subscriberUrl?: string;
  /** Without `/publish/`; absent when it was switched off. */
  readonly publishUrl?: string;
  readonly publishToken?: string;
  /** For code in the same process. */
  readonly publisher: MonitoredPublisher;
  stats(): HermodStats;
  /** Cuts every connection and stops. */
  close(): Promise<void>;
}

/** Pushpin with `client_buffer_size=16384`, as asgard sets it. */
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Starts the GRIP proxy stand-in.
 *
 * @throws DevstackError `production_refused`, `host_refused`, `bad_option`, `port_taken`, `listen_failed`
 */
export async function startHermod(options: HermodOptions): Promise<Hermod> {
  const { host = '127.0.0.1', clock = systemClock, issuer = 'asgard' } = options;
  verifyDevelopmentOnly({ name: 'Hermod', host });
  const emit = options.onEvent ?? (() => undefined);
  const origin = readOrigin(options.upstream);
  const sign = createRequestSigner(options.key, issuer, clock);
  let zeromq: PublishZeroMq | undefined;
  let garbage = 0;

  const channels = createChannels({
    clock,
    onSubscribe(channel) {
      zeromq?.subscribe(channel);
      local.subscribed(channel);
    },
    onUnsubscribe(channel) {
      delivery.sequence.clear(channel);
      zeromq?.unsubscribe(channel);
      local.unsubscribed(channel);
    },
  });
  const delivery = createDelivery({ channels, clock, emit });
  const local = createProcessPublisher({
    accept: (item) => delivery.accept(item, 'process'),
    live: () => channels.names(),
  });
  const upstream = createUpstream();
  const links = createLinks({ upstream, origin, sign });
  const holds = createHolds({ channels, sequence: delivery.sequence, links, clock, emit });

  const closers: (() => Promise<void>)[] = [() => upstream.close()];
  const close = async (): Promise<void> => {
    local.close();
    for (const end of closers.splice(0).reverse()) await end();
    channels.close();
    delivery.close();
  };

  try {
    zeromq = await startZeroMq(options, host, {
      accept: (item) => delivery.accept(item, 'zeromq'),
      onGarbage(reason) {
        garbage += 1;
        emit({ type: 'dropped', reason });
      },
    });
    if (zeromq) closers.push(zeromq.close);
    const publishToken = options.publishToken ?? randomBytes(32).toString('hex');
    const publish =
      options.publishPort === false
        ? undefined
        : await listenForPublish({
            host,
            port: options.publishPort ?? 0,
            token: publishToken,
            accept: (item) => delivery.accept(item, 'http'),
          });
    if (publish) closers.push(publish.close);
    const listener = await createListener(createProxy({ origin, upstream, sign, holds, clock, emit }), {
      name: 'Hermod',
      host,
      port: options.port ?? 0,
      maxHeaderBytes: MAX_HEADER_BYTES,
    });
    closers.push(listener.close);
    return {
      url: `http://${host}:${listener.port}`,
      port: listener.port,
      ...(zeromq ? { subscriberUrl: zeromq.url } : {}),
      ...(publish ? { publishUrl: `http://${host}:${publish.port}`, publishToken } : {}),
      publisher: local.publisher,
      stats: () => ({ held: holds.count(), channels: channels.names().length, garbage }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startZeroMq(
  { subscriberPort = 0, onEvent, loadZeroMq = () => import('zeromq') }: HermodOptions,
  host: string,
  receive: Pick<Parameters<typeof listenForZeroMq>[0], 'accept' | 'onGarbage'>,
): Promise<PublishZeroMq | undefined> {
  if (subscriberPort === false) return undefined;
  let zeromq: ZeroMq;
  try {
    zeromq = await loadZeroMq();
  } catch (error) {
    onEvent?.({
      type: 'disabled',
      part: 'zeromq',
      reason: `The optional package zeromq could not be loaded, so servers in other processes publish over HTTP: ${String(error)}`,
    });
    return undefined;
  }
  return listenForZeroMq({ zeromq, host, port: subscriberPort, ...receive });
}

function readOrigin(upstream: string): string {
  if (URL.canParse(upstream)) {
    const { origin, protocol } = new URL(upstream);
    if (protocol === 'http:' || protocol === 'https:') return origin;
  }
  throw new DevstackError('bad_option', `Hermod's option upstream "${upstream}" is not an http(s) URL.`);
}
