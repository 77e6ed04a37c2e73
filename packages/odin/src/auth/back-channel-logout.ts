import { createBackChannelLogout, isHeimdallError, type LogoutHandler } from '@asgard/heimdall-client';
import { OdinError } from '../errors.ts';
import { BodyTooLarge, BodyUnreadable, type HttpRequest, type HttpResponder } from '../http/message.ts';
import { isRevocable } from './guests.ts';
import type { BackChannelLogoutOptions } from './options.ts';
import type { ResolvedAuth } from './resolve.ts';
import type { Sites } from './sites.ts';

const DEFAULT_PATH = '/.odin/logout';
/** A logout token is a few hundred bytes. */
const MAX_BODY_BYTES = 32_768;

/** Answers the issuers' calls; false for any other request. */
export type ServeLogout = (request: HttpRequest, responder: HttpResponder) => Promise<boolean>;

/**
 * Where an issuer says that a user signed out (OpenID Connect Back-Channel Logout 1.0). The signed logout token is the proof. At the host of a tenant it
 * is the tenant's issuer; at any other host it is the server's own, which may call by an internal name.
 *
 * @throws OdinError `bad_option`
 */
export function createLogout(sites: Sites, options: BackChannelLogoutOptions | undefined): ServeLogout | undefined {
  const { auth } = sites.main;
  if (!auth || !options) return undefined;
  const { path = DEFAULT_PATH } = options;
  if (!path.startsWith('/'))
    throw new OdinError('bad_option', `auth.backChannelLogout.path: must start with "/", got ${JSON.stringify(path)}.`);
  const main = createHandler(auth, options.clients);
  const handlers = new WeakMap<ResolvedAuth, LogoutHandler>();

  async function handlerOf(request: HttpRequest): Promise<LogoutHandler> {
    const tenant = (await sites.ofTenant(request.header('host') ?? ''))?.auth;
    // Each remembers the logout tokens that it has used. At another tenant of the same issuer one makes void what is void already.
    if (!tenant || tenant.issuer === auth?.issuer) return main;
    const handler = handlers.get(tenant) ?? createHandler(tenant, options?.clients ?? []);
    handlers.set(tenant, handler);
    return handler;
  }

  return async (request, responder) => {
    if (request.path !== path) return false;
    const body = request.method === 'POST' ? await readForm(request) : undefined;
    if (body === undefined && request.method === 'POST') responder.send(413, {});
    else await serve({ request, responder, body });
    return true;
  };

  async function serve(call: LogoutCall): Promise<void> {
    try {
      await answer(await handlerOf(call.request), call);
    } catch (error) {
      // The directory of tenants is away: the issuer may try again.
      if (!isHeimdallError(error) || error.status !== 503) throw error;
      call.responder.send(503, { 'retry-after': String(error.retryAfterSeconds ?? 1) });
    }
  }
}

function createHandler(
  { issuer, verifier, verification }: ResolvedAuth,
  clients: BackChannelLogoutOptions['clients'],
): LogoutHandler {
  if (!isRevocable(verifier))
    throw new OdinError(
      'bad_option',
      'auth.backChannelLogout: needs a verifier that can revoke, as the default one can.',
    );
  return createBackChannelLogout({
    // What an issuer signs out with is checked like its tokens.
    ...{ ...verification, issuer, clients },
    revoke: (revocation) => verifier.revoke(revocation),
  });
}

interface LogoutCall {
  readonly request: HttpRequest;
  readonly responder: HttpResponder;
  readonly body: string | undefined;
}

async function answer(handle: LogoutHandler, { request, responder, body }: LogoutCall): Promise<void> {
  const headers = { 'content-type': request.header('content-type') ?? '' };
  const init = { method: request.method, headers, ...(body !== undefined && { body }) };
  const response = await handle(new Request(`http://localhost${request.path}`, init));
  responder.send(response.status, Object.fromEntries(response.headers), await response.text());
}

async function readForm(request: HttpRequest): Promise<string | undefined> {
  try {
    return await request.readBody(MAX_BODY_BYTES);
  } catch (thrown) {
    if (thrown instanceof BodyTooLarge || thrown instanceof BodyUnreadable) return undefined;
    throw thrown;
  }
}
