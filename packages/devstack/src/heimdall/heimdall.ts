import { DevstackError } from '../errors.ts';
import { createListener } from '../http/listener.ts';
import { verifyDevelopmentOnly } from '../loopback.ts';
import { createClientFetch } from './client-fetch.ts';
import { createEndpoint } from './endpoint.ts';
import { loadProvider } from './load-provider.ts';
import { createLogin } from './login.ts';
import { providerOptions } from './provider-options.ts';
import { createResources } from './resources.ts';
import { createSigningKey } from './signing-key.ts';
import { addTokenExchange } from './token-exchange.ts';
import { createUserDirectory, defaultUsers, type HeimdallUser } from './users.ts';

/** Options of `startHeimdall`. */
export interface HeimdallOptions {
  /** The issuer as clients see it, with its path, for example `http://localhost:7999/heimdall/realms/asgard`. */
  readonly publicUrl: string;
  /** Resource identifiers that tokens may be issued for: the public URLs of the MCP servers. */
  readonly resources: readonly string[];
  /** 0 takes any free port. @default 0 */
  readonly port?: number;
  /** Loopback only. @default '127.0.0.1', with `::1` beside it */
  readonly host?: string;
  /** @default freya of valhalla, loki of jotunheim and baldur of both, whose passwords are their names */
  readonly users?: readonly HeimdallUser[];
  /** Audiences, beside the resources, that a server may exchange its callers' tokens for (RFC 8693). @default [] */
  readonly exchangeTargets?: readonly string[];
  /** Lifetime of access tokens, seconds. @default 3600 */
  readonly tokenLifetimeSeconds?: number;
  /** JWTs, or opaque tokens that a server has to ask the issuer about (RFC 7662). @default 'jwt' */
  readonly tokenFormat?: 'jwt' | 'opaque';
  /**
   * Take clients that are their own document on the web (Client ID Metadata Documents). Editors then use theirs instead of registering, so that
   * signing in needs the internet. @default false
   */
  readonly clientDocuments?: boolean;
  /** Calls clients: for their documents and keys, and to tell them of a logout. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

/** A running issuer. */
export interface Heimdall {
  /** Where it listens. Requests arrive with the path they have outside. */
  readonly url: string;
  readonly port: number;
  /** The issuer identifier, the same as `publicUrl`. */
  readonly issuer: string;
  readonly users: readonly HeimdallUser[];
  /** Cuts every connection and stops. All clients, sessions and keys are forgotten. */
  close(): Promise<void>;
}

/**
 * Starts the identity provider stand-in: an OAuth 2.1 authorization server whose login page signs in with one click.
 *
 * @throws DevstackError `production_refused`, `host_refused`, `bad_option`, `port_taken`, `listen_failed`
 */
export async function startHeimdall(options: HeimdallOptions): Promise<Heimdall> {
  const host = options.host ?? '127.0.0.1';
  verifyDevelopmentOnly({ name: 'Heimdall', host });
  const issuer = parseIssuer(options.publicUrl);
  const mountPath = issuer.pathname.replace(/\/$/, '');
  const tokenLifetimeSeconds = parseLifetime(options.tokenLifetimeSeconds ?? 3_600);
  const format = parseFormat(options.tokenFormat ?? 'jwt');
  const resources = createResources(parseResources(options.resources), {
    ...{ lifetimeSeconds: tokenLifetimeSeconds, format },
  });
  const users = createUserDirectory(options.users ?? defaultUsers);

  const { Provider, errors } = await loadProvider();
  const key = await createSigningKey();
  const provider = new Provider(
    options.publicUrl,
    providerOptions({
      ...{ mountPath, users, resources, tokenLifetimeSeconds },
      key,
      InvalidTarget: errors.InvalidTarget,
      clientDocuments: options.clientDocuments ?? false,
      callClient: createClientFetch(options.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args))),
    }),
  );
  addTokenExchange({
    ...{ provider, errors, key, format, lifetimeSeconds: tokenLifetimeSeconds },
    targets: new Set([...options.resources, ...(options.exchangeTargets ?? [])]),
  });
  const endpoint = createEndpoint({ provider, login: createLogin({ provider, users, mountPath }), issuer, mountPath });
  const listener = await createListener(endpoint, { name: 'Heimdall', host, port: options.port ?? 0 });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    issuer: options.publicUrl,
    users: users.users,
    close: () => listener.close(),
  };
}

function parseIssuer(publicUrl: string): URL {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !publicUrl.endsWith('/')) return url;
  throw new DevstackError(
    'bad_option',
    'Heimdall\'s option "publicUrl" must be an http(s) URL without query, fragment or a slash at its end.',
  );
}

function parseResources(resources: readonly string[]): readonly string[] {
  if (resources.length > 0 && resources.every((resource) => URL.canParse(resource) && !resource.includes('#'))) {
    return resources;
  }
  throw new DevstackError(
    'bad_option',
    'Heimdall\'s option "resources" must name at least one absolute URL, without fragment.',
  );
}

function parseLifetime(seconds: number): number {
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new DevstackError(
    'bad_option',
    'Heimdall\'s option "tokenLifetimeSeconds" must be a whole number greater than 0.',
  );
}

function parseFormat(format: 'jwt' | 'opaque'): 'jwt' | 'opaque' {
  if (format === 'jwt' || format === 'opaque') return format;
  throw new DevstackError('bad_option', "Heimdall's option \"tokenFormat\" must be 'jwt' or 'opaque'.");
}
