import type { Principal } from '@asgard/heimdall-client';
import type { ClientIdentity, TenantIdentity } from '../protocol/exchange.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { toBase64Url } from './base64url.ts';

/** What `initialize` agreed on. It travels with the client, so that no process has to remember it. */
export interface Session {
  readonly sid: string;
  readonly version: string;
  readonly client: ClientIdentity;
  /** Whose it is: a hash of the caller, empty on servers without `auth`, and the host of a tenant. */
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const MAX_NAME = 64;
const owners = new WeakMap<Principal, Promise<string>>();

/** One name for one caller on one host, whatever token they use. */
export async function ownerOf(principal: Principal | undefined, tenant: TenantIdentity | undefined): Promise<string> {
  const caller = principal ? await callerOf(principal) : '';
  return tenant ? `${caller}@${tenant.host}` : caller;
}

function callerOf(principal: Principal): Promise<string> {
  const known = owners.get(principal);
  if (known) return known;
  const made = digest(JSON.stringify([principal.issuer, principal.subject, principal.clientId ?? null]));
  owners.set(principal, made);
  return made;
}

async function digest(text: string): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return toBase64Url(new Uint8Array(bytes).subarray(0, 16));
}

/** The part of a client's introduction that is worth carrying in every request: no titles, icons or experiments. */
export function condense({ info, capabilities }: ClientIdentity): ClientIdentity {
  const { elicitation, sampling, roots } = capabilities;
  return {
    info: { name: short(info?.name), version: short(info?.version) },
    capabilities: {
      ...(isJsonObject(elicitation) && { elicitation: flags(elicitation, ['form', 'url']) }),
      ...(isJsonObject(sampling) && { sampling: flags(sampling, ['tools', 'context']) }),
      ...(isJsonObject(roots) && { roots: flags(roots, ['listChanged']) }),
    },
  };
}

function short(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_NAME) : '';
}

/** Which of the known members there are; what is inside them does not matter to a server. */
function flags(capability: JsonObject, names: readonly string[]): JsonObject {
  const present = names.filter((name) => capability[name] !== undefined && capability[name] !== false);
  return Object.fromEntries(present.map((name) => [name, name === 'listChanged' ? true : {}]));
}
