import { OdinServer } from '@asgard/odin';
import { fromEnvironment } from '@asgard/odin/node';

const { auth, ...environment } = fromEnvironment();

export const odin = new OdinServer({
  name: 'ledger',
  version: '1.0.0',
  ...environment,
  auth: auth && { ...auth, impliedScopes: { 'ledger:write': ['ledger:read'] } },
});

odin.tool({ name: 'balance', scopes: ['ledger:read'] }, (ctx) => `The balance of ${ctx.principal?.subject}: 7`);
odin.tool({ name: 'transfer', scopes: ['ledger:write'] }, () => 'Transferred.');
odin.tool({ name: 'close-year', roles: ['accountant'], organization: 'acme' }, () => 'Closed.');
