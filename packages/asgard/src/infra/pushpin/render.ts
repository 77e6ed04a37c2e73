import { odinOrigin } from '../kong/render.ts';
import type { InfraSettings } from '../settings.ts';
import { formatIni, type Ini } from './ini.ts';

/** What differs between a container and a Pushpin of this machine. */
export interface PushpinPlace {
  /** For sockets and logs; must be writable. */
  readonly runDirectory: string;
  /** `7999`, or `address:port`. */
  readonly http: string;
  /** ZeroMQ address that the XPUB sockets of the servers connect to. */
  readonly subscriber: string;
  /** `address:port` of the metrics. */
  readonly metrics: string;
  /** Only for the loopback: `push_in_spec` and the HTTP publish port, which ask nobody for a password. */
  readonly push: string;
  readonly publishPort: number;
  readonly signatureKey: string;
}

/** Stands in the file for the key, which the container puts in when it starts: the file itself holds no secret. */
export const KEY_MARK = '@GRIP_KEY@';

export const GRIP_ISSUER = 'asgard';

export const CONTAINER_PLACE: PushpinPlace = {
  runDirectory: '/run/pushpin',
  http: '7999',
  subscriber: 'tcp://*:5562',
  metrics: '0.0.0.0:9100',
  push: 'tcp://127.0.0.1:5560',
  publishPort: 5561,
  signatureKey: KEY_MARK,
};

/** Room for a token of 14 kB twice over, as gateways repeat claims. Bytes. */
const CLIENT_BUFFER_BYTES = 16_384;

/** pushpin.conf. Every value is explained in docs/operations/pushpin.md. */
export function renderPushpin(place: PushpinPlace = CONTAINER_PLACE): string {
  return `# Made by "asgard infra". What is not here has Pushpin's default.\n${formatIni(pushpinConfig(place))}`;
}

/** The routes file: everything goes to the one server behind. */
export function renderPushpinRoutes(settings: InfraSettings): string {
  const upstream = settings.edge === 'hermod' ? 'bifrost:8000' : new URL(odinOrigin(settings.server)).host;
  return `* ${upstream}\n`;
}

export function pushpinConfig(place: PushpinPlace): Ini {
  return {
    global: { include: '{libdir}/internal.conf', rundir: place.runDirectory, ipc_prefix: 'pushpin-', port_offset: '0' },
    runner: {
      services: 'condure,zurl,pushpin-proxy,pushpin-handler',
      http_port: place.http,
      logdir: place.runDirectory,
      log_level: '2',
      client_buffer_size: String(CLIENT_BUFFER_BYTES),
      client_maxconn: '50000',
    },
    proxy: {
      routesfile: 'routes',
      debug: 'false',
      auto_cross_origin: 'false',
      accept_x_forwarded_protocol: 'false',
      set_x_forwarded_protocol: 'proto-only',
      x_forwarded_for: 'truncate:0,append',
      accept_pushpin_route: 'false',
      log_from: 'false',
      sig_iss: GRIP_ISSUER,
      sig_key: place.signatureKey,
      updates_check: 'off',
      // Its own zurl, beside it: one that the system runs is another's.
      zurl_out_specs: 'ipc://{rundir}/{ipc_prefix}zurl-in',
      zurl_out_stream_specs: 'ipc://{rundir}/{ipc_prefix}zurl-in-stream',
      zurl_in_specs: 'ipc://{rundir}/{ipc_prefix}zurl-out',
    },
    handler: {
      push_in_spec: place.push,
      push_in_sub_specs: place.subscriber,
      push_in_sub_connect: 'false',
      push_in_http_addr: '127.0.0.1',
      push_in_http_port: String(place.publishPort),
      stats_spec: 'ipc://{rundir}/{ipc_prefix}stats',
      command_spec: 'ipc://{rundir}/{ipc_prefix}command',
      message_rate: '0',
      message_hwm: '0',
      message_wait: '5000',
      id_cache_ttl: '60',
      connection_subscription_max: '20',
      subscription_linger: '60',
      stats_subscription_ttl: '60',
      update_on_first_subscription: 'false',
      prometheus_port: place.metrics,
      prometheus_prefix: 'pushpin_',
    },
  };
}
