import { createKeycloakAdmin } from '@asgard/heimdall-client/keycloak-admin';

const { organizations, clients, scopes } = createKeycloakAdmin({
  issuer: 'https://id.example.com/realms/asgard',
  client: { method: 'client_secret_basic', clientId: 'steward', secret: process.env.STEWARD_SECRET ?? '' },
});
const valhalla = await organizations.create({
  alias: 'valhalla',
  domains: [{ name: 'valhalla.example', verified: true }],
});
await organizations.addMember(valhalla.id, 'the subject of a principal');
const tools = await scopes.create({ name: 'mcp:tools', audience: 'https://api.example.com/mcp' });
await scopes.offer(tools.id); // to every client that registers from now on
await clients.removeUnused({ idleDays: 30 }); // those that registered themselves; say once a week
await clients.create({ clientId: 'desk', type: 'public', redirectUris: ['http://127.0.0.1/callback'] });
