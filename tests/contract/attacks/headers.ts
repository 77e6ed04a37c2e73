import { type Attack, byHeaders, FORBIDDEN, REFUSED } from './attack.ts';

const USER = Buffer.from(JSON.stringify({ sub: 'odin', scope: 'notes:read notes:admin' })).toString('base64');
const NO_TOKEN = { status: 401, challenge: 'bare' } as const;

const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** Headers that gateways set, sent by somebody who is none; and names of hosts and pages that are not this server's. */
export const headerAttacks: readonly Attack[] = [
  byHeaders('X-Userinfo as proof', () => ({ 'x-userinfo': USER }), NO_TOKEN),
  byHeaders('X-ID-Token as proof', async ({ issuer }) => ({ 'x-id-token': await issuer.token() }), NO_TOKEN),
  byHeaders('X-Access-Token as proof', async ({ issuer }) => ({ 'x-access-token': await issuer.token() }), NO_TOKEN),
  byHeaders(
    'X-Forwarded-Access-Token as proof',
    async ({ issuer }) => ({ 'x-forwarded-access-token': await issuer.token() }),
    NO_TOKEN,
  ),
  byHeaders('X-Forwarded-User as proof', () => ({ 'x-forwarded-user': 'freya', 'x-remote-user': 'freya' }), NO_TOKEN),
  byHeaders(
    'Proxy-Authorization as proof',
    async ({ issuer }) => {
      return { 'proxy-authorization': `Bearer ${await issuer.token()}` };
    },
    NO_TOKEN,
  ),
  byHeaders('a cookie as proof', async ({ issuer }) => ({ cookie: `access_token=${await issuer.token()}` }), NO_TOKEN),
  byHeaders(
    'Authorization spelled with an underscore',
    async ({ issuer }) => {
      return { authorization_: `Bearer ${await issuer.token()}` };
    },
    NO_TOKEN,
  ),
  byHeaders('X-Userinfo beside a bad token', () => ({ 'x-userinfo': USER, ...bearer('a.b.c') }), REFUSED),
  byHeaders('Grip-Sig alone', async (target) => ({ 'grip-sig': await target.gripSig() }), NO_TOKEN),
  byHeaders('Grip-Sig as bearer', async (target) => bearer(await target.gripSig()), REFUSED),
  byHeaders(
    'Grip-Sig beside an expired token',
    async (target) => ({ 'grip-sig': await target.gripSig(), ...bearer(await target.issuer.token({ exp: 1 })) }),
    REFUSED,
  ),
  byHeaders(
    'Host that was rebound',
    async ({ issuer }) => {
      return { host: 'evil.example', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Host that begins like a loopback address',
    async ({ issuer }) => {
      return { host: '127.0.0.1.evil.example', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Host with credentials',
    async ({ issuer }) => {
      return { host: 'localhost@evil.example', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Host of the any-address',
    async ({ issuer }) => {
      return { host: '0.0.0.0', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Host rebound, X-Forwarded-Host known',
    async ({ issuer }) => {
      return { host: 'evil.example', 'x-forwarded-host': 'localhost', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Forwarded with a known host',
    async ({ issuer }) => {
      return { host: 'evil.example', forwarded: 'host=localhost', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Origin of another site',
    async ({ issuer }) => {
      return { origin: 'https://evil.example', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders('Origin null', async ({ issuer }) => ({ origin: 'null', ...bearer(await issuer.token()) }), FORBIDDEN),
  byHeaders(
    'Origin that begins like this server',
    async ({ issuer }) => {
      return { origin: 'http://localhost.evil.example', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
  byHeaders(
    'Origin with a file',
    async ({ issuer }) => {
      return { origin: 'file://', ...bearer(await issuer.token()) };
    },
    FORBIDDEN,
  ),
];
