import { type Attack, callWith } from './attack.ts';
import { callTool, type Message, message } from './messages.ts';
import { ACME, type Target } from './target.ts';

const TOO_NARROW = { status: 403, challenge: 'insufficient_scope' } as const;

function withScope(name: string, scope: unknown, call: Message = callTool('write')): Attack {
  const run = async (target: Target) => callWith(target, `Bearer ${await target.issuer.token({ scope })}`, call);
  return { name, outcome: TOO_NARROW, run };
}

function atAcme(
  name: string,
  claims: Record<string, unknown>,
  outcome: Attack['outcome'],
  host = 'acme.example',
): Attack {
  const run = async (target: Target) => {
    const { headers, body } = callTool('treasure');
    const authorization = `Bearer ${await target.issuer.token(claims)}`;
    return target.send({ headers: { ...headers, host, authorization }, body });
  };
  return { name, outcome, run };
}

const FOREIGN_TOKEN = { status: 401, challenge: 'invalid_token' } as const;

/** Good tokens that ask for more than they are good for: a wider scope, a role, another tenant. */
export const accessAttacks: readonly Attack[] = [
  withScope('no scope at all', undefined),
  withScope('the scope that every call needs is missing', 'notes:write', callTool('treasure')),
  withScope('a narrower scope', 'notes:read'),
  withScope('a scope in capitals', 'notes:read NOTES:WRITE'),
  withScope('a scope that begins like it', 'notes:read notes:write2 notes:writeall'),
  withScope('a scope that ends like it', 'notes:read my-notes:write'),
  withScope('a wildcard', 'notes:read notes:* *'),
  withScope('scopes separated by commas', 'notes:read,notes:write'),
  withScope('scopes separated by no-break spaces', 'notes:read\u00a0notes:write'),
  withScope('a scope that is an object', { 'notes:read': true, 'notes:write': true }),
  withScope('scopes nested in a list', [['notes:read', 'notes:write']]),
  withScope('a scope that is a name of Object', 'notes:read constructor __proto__ toString'),
  withScope('a resource with too little scope', 'notes:read', message('resources/read', { uri: 'treasure://gold' })),
  withScope(
    'a subscription to a resource with too little scope',
    'notes:read',
    message('subscriptions/listen', { notifications: { resourceSubscriptions: ['treasure://gold'] } }),
  ),
  {
    name: 'a role of a client instead of the realm',
    outcome: { status: 403 },
    run: async (target) => {
      const token = await target.issuer.token({ resource_access: { app: { roles: ['king'] } } });
      return callWith(target, `Bearer ${token}`, callTool('rule'));
    },
  },
  {
    name: 'a role in a claim of its own',
    outcome: { status: 403 },
    run: async (target) => {
      const token = await target.issuer.token({ roles: ['king'], groups: ['king'] });
      return callWith(target, `Bearer ${token}`, callTool('rule'));
    },
  },
  atAcme('a token of this server at the host of a tenant', { organization: ['acme'] }, FOREIGN_TOKEN),
  atAcme('a token of the tenant without its organization', { aud: ACME }, { status: 403 }),
  atAcme('a token of the tenant with another organization', { aud: ACME, organization: ['globex'] }, { status: 403 }),
  atAcme('an organization that begins like it', { aud: ACME, organization: ['acme2'] }, { status: 403 }),
  atAcme(
    'a token of the tenant at a host below it',
    { aud: ACME, organization: ['acme'] },
    { status: 403 },
    'x.acme.example',
  ),
  atAcme('a token of the tenant at this server', { aud: ACME, organization: ['acme'] }, FOREIGN_TOKEN, 'localhost'),
];
