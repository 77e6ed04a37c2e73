import type { Principal } from '@asgard/heimdall-client';
import { authenticate } from '../auth/bearer.ts';
import type { Site } from '../auth/site.ts';
import type { UpstreamTokens } from '../protocol/exchange.ts';
import { isMember } from '../registry/access.ts';
import { checkMethodAndType } from './guards.ts';
import type { HttpRequest } from './message.ts';
import { type Refusal, refuse } from './refusal.ts';
import { SESSION_HEADER } from './session-lane.ts';

/** Who calls, or why nobody is let in. */
export type Admission =
  | { readonly ok: true; readonly principal: Principal | undefined; readonly upstream?: UpstreamTokens | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

export interface AdmissionOptions {
  readonly site: Site;
  /** Whether GET and DELETE may belong to a session. */
  readonly sessions: boolean;
  /** Present when only requests that came through the proxy are served. */
  readonly requireProxied: ((signature: string | undefined) => Promise<boolean>) | undefined;
}

/** Decides who may come to the MCP endpoint, before anything of the body is read. */
export async function admit(request: HttpRequest, options: AdmissionOptions): Promise<Admission> {
  const { sessions, requireProxied, site } = options;
  const { auth, tenant } = site;
  const refusal = sessions && isSessionMethod(request) ? undefined : checkMethodAndType(request);
  if (refusal) return { ok: false, refusal };
  if (requireProxied && !(await requireProxied(request.header('grip-sig')))) return { ok: false, refusal: UNPROXIED };
  if (!auth) return { ok: true, principal: undefined };
  const pending = authenticate(request, auth);
  const admitted = pending instanceof Promise ? await pending : pending;
  if (!admitted.ok || tenant?.organization === undefined || isMember(admitted.principal, tenant.organization)) {
    return admitted;
  }
  return { ok: false, refusal: NO_MEMBER };
}

const UNPROXIED = refuse(403, 'Forbidden: this server only answers requests that come through its proxy');
const NO_MEMBER = refuse(403, 'Forbidden: the caller is not a member of the organization of this host');

/** GET and DELETE belong to sessions; without one the endpoint takes POST only. */
function isSessionMethod(request: HttpRequest): boolean {
  return (request.method === 'GET' || request.method === 'DELETE') && request.header(SESSION_HEADER) !== undefined;
}
