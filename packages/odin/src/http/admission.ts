import type { Principal } from '@asgard/heimdall-client';
import { type Authentication, authenticate } from '../auth/bearer.ts';
import type { Site } from '../auth/site.ts';
import type { TenantIdentity, UpstreamTokens } from '../protocol/exchange.ts';
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
export function admit(request: HttpRequest, options: AdmissionOptions): Admission | Promise<Admission> {
  const { sessions, requireProxied, site } = options;
  const refusal = sessions && isSessionMethod(request) ? undefined : checkMethodAndType(request);
  if (refusal) return { ok: false, refusal };
  return requireProxied ? admitProxied(request, site, requireProxied) : admitCaller(request, site);
}

async function admitProxied(
  request: HttpRequest,
  site: Site,
  isProxied: (signature: string | undefined) => Promise<boolean>,
): Promise<Admission> {
  if (!(await isProxied(request.header('grip-sig')))) return { ok: false, refusal: UNPROXIED };
  return admitCaller(request, site);
}

/** Without a promise for a caller who is known, as nearly all are. */
function admitCaller(request: HttpRequest, { auth, tenant }: Site): Admission | Promise<Admission> {
  if (!auth) return NOBODY;
  const caller = authenticate(request, auth);
  return caller instanceof Promise
    ? caller.then((late) => inOrganization(late, tenant))
    : inOrganization(caller, tenant);
}

function inOrganization(caller: Authentication, tenant: TenantIdentity | undefined): Admission {
  const isIn = !caller.ok || tenant?.organization === undefined || isMember(caller.principal, tenant.organization);
  return isIn ? caller : { ok: false, refusal: NO_MEMBER };
}

const NOBODY: Admission = { ok: true, principal: undefined };
const UNPROXIED = refuse(403, 'Forbidden: this server only answers requests that come through its proxy');
const NO_MEMBER = refuse(403, 'Forbidden: the caller is not a member of the organization of this host');

/** GET and DELETE belong to sessions; without one the endpoint takes POST only. */
function isSessionMethod(request: HttpRequest): boolean {
  return (request.method === 'GET' || request.method === 'DELETE') && request.header(SESSION_HEADER) !== undefined;
}
