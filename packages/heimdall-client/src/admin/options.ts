import { type ClientAuthentication, normalizeClient } from '../client-options.ts';
import { badOption, secureUrl, wholeNumber } from '../option-rules.ts';

/** Options of `createKeycloakAdmin`. */
export interface KeycloakAdminOptions {
  /** Issuer of the realm that is looked after, such as `https://id.example.com/realms/asgard`. */
  readonly issuer: string;
  /**
   * A client of this realm with a service account, and of `realm-management` only the roles that are needed, such as `manage-clients`. No
   * administrator of the master realm is wanted, or supported.
   */
  readonly client: ClientAuthentication;
  /** Where the realm is administered, when that is another host. @default the issuer with `/admin/realms/` for `/realms/` */
  readonly adminUrl?: string;
  /** Longest wait for an answer of Keycloak, milliseconds. @default 5_000 */
  readonly requestTimeoutMs?: number;
  /** Asks Keycloak. @default globalThis.fetch */
  readonly fetch?: typeof fetch;
  /** Wall clock, milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** Accept an `http:` Keycloak on another host than this one. Only for networks that nobody else can reach. @default false */
  readonly dangerouslyAllowHttp?: boolean;
}

/** Options after all checks. */
export interface AdminPolicy {
  readonly issuer: string;
  readonly client: ClientAuthentication;
  readonly adminUrl: string;
  readonly requestTimeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => number;
}

/** @throws HeimdallError `bad_option` */
export function normalizeAdminOptions(options: KeycloakAdminOptions): AdminPolicy {
  const { dangerouslyAllowHttp: allowHttp = false } = options;
  const issuer = secureUrl('issuer', options.issuer, allowHttp);
  if (!/\/realms\/[^/?]+$/.test(issuer))
    throw badOption('issuer', 'must end with "/realms/" and the name of the realm');
  const adminUrl = options.adminUrl ?? issuer.replace(/\/realms\/(?=[^/]+$)/, '/admin/realms/');
  secureUrl('adminUrl', adminUrl, allowHttp);
  if (!/\/admin\/realms\/[^/?]+$/.test(adminUrl)) {
    throw badOption('adminUrl', 'must end with "/admin/realms/" and the name of the realm');
  }
  return Object.freeze({
    ...{ issuer, adminUrl, client: normalizeClient('client', options.client) },
    requestTimeoutMs: wholeNumber('requestTimeoutMs', options.requestTimeoutMs, {
      ...{ fallback: 5_000, min: 1, max: 120_000 },
    }),
    fetch: options.fetch ?? ((...args: Parameters<typeof fetch>) => globalThis.fetch(...args)),
    now: options.now ?? Date.now,
  });
}
