import { REGISTRATION_RULE } from './registration-rule.ts';
import type { InfraRoute } from './route.ts';
import { HEIMDALL_PATH, type InfraSettings, isPrivate } from './settings.ts';

/** Below the issuer, what people and clients need: sign-in and its pages, tokens, keys, metadata, the account of a user. */
const PUBLIC_PATHS = ['/.well-known/', '/protocol/', '/login', '/account', '/broker/'];

/**
 * The identity provider as the outside may reach it. A list of what passes: its other paths, such as the registration of clients in formats of its
 * own with everything that it knows of a client, are for the inside.
 */
export function heimdallRoutes(settings: InfraSettings): readonly InfraRoute[] {
  const { realm } = settings;
  const issuer = `${HEIMDALL_PATH}/realms/${realm}`;
  const open = { target: 'heimdall', access: 'open' } as const;
  // The console of administrators is for this machine only.
  const admin = isPrivate(settings) ? [`${HEIMDALL_PATH}/admin`, `${HEIMDALL_PATH}/realms/master`] : [];
  return [
    {
      name: 'heimdall',
      paths: [...PUBLIC_PATHS.map((path) => `${issuer}${path}`), `${HEIMDALL_PATH}/resources`, ...admin],
      match: 'prefix',
      ...open,
    },
    ...registrationRoutes(settings, `${issuer}/clients-registrations/openid-connect`),
    // RFC 8414 section 3.1 puts the issuer's path last; without it is where clients of 2025-03-26 look.
    {
      name: 'issuer-metadata',
      paths: ['oauth-authorization-server', 'openid-configuration'].flatMap((document) => [
        `/.well-known/${document}`,
        `/.well-known/${document}${issuer}`,
      ]),
      match: 'exact',
      replacePath: `${issuer}/.well-known/openid-configuration`,
      ...open,
    },
  ];
}

/** Dynamic registration (RFC 7591), and a client's own management of what it registered (RFC 7592). OPTIONS: browsers ask first. */
function registrationRoutes({ registrationsPerMinute }: InfraSettings, path: string): readonly InfraRoute[] {
  const route = {
    target: 'heimdall',
    access: 'open',
    body: REGISTRATION_RULE,
    perMinute: registrationsPerMinute,
    limitBy: 'address',
  } as const;
  return [
    { name: 'registration', paths: [path], match: 'exact', methods: ['POST', 'OPTIONS'], ...route },
    {
      name: 'registration-management',
      paths: [`${path}/`],
      match: 'prefix',
      methods: ['GET', 'PUT', 'DELETE', 'OPTIONS'],
      ...route,
    },
  ];
}
