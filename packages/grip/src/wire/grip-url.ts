import { GripError } from '../errors.ts';

/** What both kinds of endpoint can say about `Grip-Sig`. */
interface SignatureSettings {
  /** `verify-iss`: the issuer that signatures must name. */
  readonly verifyIssuer?: string;
  /** `verify-key`, repeated while keys are being changed. */
  readonly verifyKeys: readonly string[];
}

/** A proxy whose publish port speaks HTTP. */
export interface HttpEndpoint extends SignatureSettings {
  readonly kind: 'http';
  /** The control URL without slash at its end; items go to `/publish/` below it. */
  readonly controlUrl: string;
  /** `iss`: with it, `key` signs a short JWT for each publish. */
  readonly issuer?: string;
  /** `key`: without `iss`, a bearer token. */
  readonly key?: string;
  /** `user:password@`: basic authorization. */
  readonly user?: string;
  readonly password?: string;
}

/** Proxies whose `push_in_sub_specs` an XPUB socket connects to. */
export interface ZeroMqEndpoint extends SignatureSettings {
  readonly kind: 'zeromq';
  /** One `tcp://host:port` for each proxy. */
  readonly urls: readonly string[];
}

/** Where and how to publish, and which signatures to trust. */
export type GripEndpoint = HttpEndpoint | ZeroMqEndpoint;

const TCP = /^tcp:\/\/([^/?#]+)\/?(?:\?([^#]*))?$/;
const HOST_AND_PORT = /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([1-9]\d{0,4})$/;

/**
 * Reads a `GRIP_URL`: `http(s)://…?iss=&key=&verify-iss=&verify-key=` as Fanout's libraries know it, or
 * `tcp://host:port[,host:port…]?verify-key=` for the ZeroMQ ports of one or more Pushpins.
 * @throws {@link GripError} `invalid_url`. The message never has the URL, because it holds keys.
 */
export function parseGripUrl(url: string): GripEndpoint {
  if (url.startsWith('tcp:')) return parseTcp(url);
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalid('is not a URL');
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw invalid('must start with http://, https:// or tcp://');
  const parameters = parsed.searchParams;
  const signature = takeSignature(parameters);
  const issuer = take(parameters, 'iss');
  const key = take(parameters, 'key');
  const user = decodeURIComponent(parsed.username);
  const password = decodeURIComponent(parsed.password);
  const query = parameters.size > 0 ? `?${parameters}` : '';
  return {
    kind: 'http',
    controlUrl: `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}${query}`,
    ...(issuer === undefined ? {} : { issuer }),
    ...(key === undefined ? {} : { key: restorePlus(key) }),
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password }),
    ...signature,
  };
}

function parseTcp(url: string): ZeroMqEndpoint {
  const [, hosts = '', query = ''] = TCP.exec(url) ?? [];
  const urls = hosts.split(',').map((host) => {
    const port = HOST_AND_PORT.exec(host)?.[1];
    if (port === undefined || Number(port) > 65_535)
      throw invalid('with tcp:// needs host:port, or several with commas between');
    return `tcp://${host}`;
  });
  const parameters = new URLSearchParams(query);
  const signature = takeSignature(parameters);
  const [unknown] = parameters.keys();
  if (unknown !== undefined) throw invalid(`has an unknown parameter ${JSON.stringify(unknown)}`);
  return { kind: 'zeromq', urls, ...signature };
}

/** Writes a `GRIP_URL`. */
export function formatGripUrl(endpoint: GripEndpoint): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) parameters.append(name, value);
  };
  if (endpoint.kind === 'http') {
    set('iss', endpoint.issuer);
    set('key', endpoint.key);
  }
  set('verify-iss', endpoint.verifyIssuer);
  for (const key of endpoint.verifyKeys) set('verify-key', key);
  const own = parameters.toString();
  if (endpoint.kind === 'zeromq') {
    const hosts = endpoint.urls.map((url) => url.replace(/^tcp:\/\//, '')).join(',');
    return `tcp://${hosts}${own === '' ? '' : `?${own}`}`;
  }
  const url = new URL(endpoint.controlUrl);
  url.username = encodeURIComponent(endpoint.user ?? '');
  url.password = encodeURIComponent(endpoint.password ?? '');
  const text = url.toString();
  if (own === '') return text;
  return `${text}${text.includes('?') ? '&' : '?'}${own}`;
}

function takeSignature(parameters: URLSearchParams): SignatureSettings {
  const verifyKeys = parameters.getAll('verify-key').map(restorePlus);
  parameters.delete('verify-key');
  const verifyIssuer = take(parameters, 'verify-iss');
  return { ...(verifyIssuer === undefined ? {} : { verifyIssuer }), verifyKeys };
}

function take(parameters: URLSearchParams, name: string): string | undefined {
  const value = parameters.get(name) ?? undefined;
  parameters.delete(name);
  return value;
}

/** Query decoding makes spaces of the plus signs of an unescaped base64 key. */
function restorePlus(key: string): string {
  return key.startsWith('base64:') ? key.replace(/ /g, '+') : key;
}

function invalid(what: string): GripError {
  return new GripError('invalid_url', `GRIP_URL ${what}`, { field: 'GRIP_URL' });
}
