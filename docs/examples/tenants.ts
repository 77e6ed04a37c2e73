import { OdinServer } from '@asgard/odin';
import { fromEnvironment } from '@asgard/odin/node';

const { auth, ...environment } = fromEnvironment();

export const odin = new OdinServer({
  name: 'ledger',
  version: '1.0.0',
  ...environment,
  auth: auth && {
    ...auth,
    tenants: [
      { host: 'mcp.acme.example', issuer: 'https://id.acme.example', resource: 'https://mcp.acme.example/mcp' },
      { host: 'mcp.globex.example', issuer: 'https://id.globex.example', resource: 'https://mcp.globex.example/mcp' },
    ],
    // The issuer of Globex gives opaque tokens, so it is asked about them; the tokens of the others are JWTs.
    tenantVerification: ({ host }) => {
      if (host !== 'mcp.globex.example') return undefined;
      const { GLOBEX_SECRET: secret = '' } = process.env;
      return { introspection: { client: { method: 'client_secret_basic', clientId: 'ledger', secret } } };
    },
  },
});
