import { createBackChannelLogout, type LogoutHandler } from '@asgard/heimdall-client';
import { OdinError } from '../errors.ts';
import { BodyTooLarge, BodyUnreadable, type HttpRequest, type HttpResponder } from '../http/message.ts';
import { isRevocable } from './guests.ts';
import type { AuthOptions, BackChannelLogoutOptions, ResolvedAuth } from './options.ts';

const DEFAULT_PATH = '/.odin/logout';
/** A logout token is a few hundred bytes. */
const MAX_BODY_BYTES = 32_768;

/** Answers the issuer's calls; false for any other request. */
export type ServeLogout = (request: HttpRequest, responder: HttpResponder) => Promise<boolean>;

/**
 * Where the issuer says that a user signed out (OpenID Connect Back-Channel Logout 1.0). The signed logout token is the proof; the
 * issuer may call by an internal name, so Host is not looked at.
 *
 * @throws OdinError `bad_option`
 */
export function createLogout(
  auth: ResolvedAuth | undefined,
  options: AuthOptions | undefined,
): ServeLogout | undefined {
  const mounted = options?.backChannelLogout;
  if (!auth || !mounted) return undefined;
  const path = mounted.path ?? DEFAULT_PATH;
  const handle = createHandler(auth, mounted);
  return async (request, responder) => {
    if (request.path !== path) return false;
    const body = request.method === 'POST' ? await readForm(request) : undefined;
    if (body === undefined && request.method === 'POST') responder.send(413, {});
    else await answer(handle, { request, responder, body });
    return true;
  };
}

function createHandler({ issuer, verifier }: ResolvedAuth, { path, clients }: BackChannelLogoutOptions): LogoutHandler {
  if (path !== undefined && !path.startsWith('/'))
    throw new OdinError('bad_option', `auth.backChannelLogout.path: must start with "/", got ${JSON.stringify(path)}.`);
  if (!isRevocable(verifier))
    throw new OdinError(
      'bad_option',
      'auth.backChannelLogout: needs a verifier that can revoke, as the default one can.',
    );
  return createBackChannelLogout({ issuer, clients, revoke: (revocation) => verifier.revoke(revocation) });
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
