import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderRealm } from '../../../packages/asgard/src/infra/keycloak/realm.ts';
import { REGISTRATION_POLICY } from '../../../packages/asgard/src/infra/keycloak/registration.ts';
import {
  formatHttpRequest,
  type HttpAnswer,
  type HttpRequest,
  parseHttpAnswer,
} from '../../../packages/asgard/src/infra/keycloak/repair/http-text.ts';
import { innerWayScript } from '../../../packages/asgard/src/infra/keycloak/repair/inner-way.ts';
import {
  createRealmAdmin,
  type Json,
  objectsOf,
  type RealmAdmin,
} from '../../../packages/asgard/src/infra/keycloak/repair/realm-admin.ts';
import { parseRealmFile } from '../../../packages/asgard/src/infra/keycloak/repair/realm-file.ts';
import { compareRealm, repairRealm } from '../../../packages/asgard/src/infra/keycloak/repair/repair.ts';
import { createInfraEffects } from '../../../packages/asgard/src/infra/node-effects.ts';
import { completeSecrets } from '../../../packages/asgard/src/infra/secrets.ts';
import type { InfraSettings } from '../../../packages/asgard/src/infra/settings.ts';
import { type Keycloak, startKeycloak } from '../../real/keycloak.ts';
import { findKeycloak } from '../../real/keycloak-distribution.ts';
import { describeWith } from '../../real/requirement.ts';
import { exampleSettings } from './settings.ts';

const effects = createInfraEffects();
const secrets = completeSecrets({}, effects.randomBytes);
const fileOf = (settings: InfraSettings): Json => parseRealmFile(renderRealm(settings), secrets);

const before = exampleSettings({ scopes: ['notes:read', 'notes:old'] });
const after = exampleSettings({ scopes: ['notes:read', 'notes:write'], port: 8001, ports: { inspector: 6299 } });

describeWith('a realm that Keycloak has imported already', await findKeycloak(), ({ home }) => {
  let keycloak: Keycloak;
  let issuer: string;
  let admin: RealmAdmin;

  /** As the stack does it inside the container. */
  const ask = async (request: HttpRequest): Promise<HttpAnswer> => {
    const input = formatHttpRequest(request);
    const { stdout } = await effects.run('bash', ['-c', innerWayScript(Number(new URL(keycloak.address).port))], {
      input,
    });
    const answer = parseHttpAnswer(stdout);
    if (answer === undefined) throw new Error(`no answer: ${stdout}`);
    return answer;
  };

  beforeAll(async () => {
    keycloak = await startKeycloak(home);
    issuer = await keycloak.createRealm(fileOf(before) as Json & { realm: string });
    admin = createRealmAdmin({ realm: before.realm, password: keycloak.adminPassword, ask });
    const probe = await admin.post('/clients', {
      ...{ clientId: 'probe', secret: secrets.ASGARD_ODIN_SECRET, serviceAccountsEnabled: true, redirectUris: [] },
    });
    const [service] = objectsOf(await admin.get('/client-scopes')).filter(({ name }) => name === 'service');
    if (service !== undefined) await admin.put(`/clients/${probe}/default-client-scopes/${service.id}`);
  }, 300_000);

  afterAll(() => keycloak?.close());

  async function audiencesOf(scope: string): Promise<readonly string[]> {
    const client = { client_id: 'probe', client_secret: secrets.ASGARD_ODIN_SECRET };
    const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, ...client }),
    });
    const { access_token: token, ...refusal } = (await response.json()) as { access_token?: string };
    if (token === undefined) throw new Error(`Keycloak gives no token: ${JSON.stringify(refusal)}`);
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      aud?: string | readonly string[];
    };
    return [claims.aud ?? []].flat();
  }

  const mapperPolicies = async (): Promise<readonly Json[]> =>
    objectsOf(await admin.get(`/components?type=${REGISTRATION_POLICY}`)).filter(
      ({ name, subType }) => name === 'Allowed mappers' && subType === 'anonymous',
    );

  test('needs nothing while the settings are those of the import', async () => {
    expect((await compareRealm(admin, fileOf(before))).map(({ text }) => text)).toEqual([]);
    expect(await audiencesOf('notes:read')).toContain('http://localhost:7999/mcp');
  }, 120_000);

  test('gets another URL and other scopes, once', async () => {
    const untouched = await admin.get('/client-scopes');
    const changes = await repairRealm(admin, fileOf(after));
    expect(changes).toContain('audience changed from http://localhost:7999/mcp to http://localhost:8001/mcp');
    expect(changes).toContain('scope notes:write added');
    expect(changes).toContain('scope notes:write offered to new clients');
    expect(changes).toContain('scope notes:old offered to new clients no longer');
    expect(changes).toContain('client odin: attributes changed (resource_url)');
    expect(changes).toContain('client inspector: redirectUris changed');
    expect(changes).toContain('policy "Allowed scopes" for anonymous registration changed');
    expect(objectsOf(await admin.get('/client-scopes')).length).toBe(objectsOf(untouched).length + 1);

    expect((await compareRealm(admin, fileOf(after))).map(({ text }) => text)).toEqual([]);
    expect(await repairRealm(admin, fileOf(after))).toEqual([]);

    for (const scope of ['openid', 'notes:read']) {
      const audiences = await audiencesOf(scope);
      expect(audiences, scope).toContain('http://localhost:8001/mcp');
      expect(audiences, scope).not.toContain('http://localhost:7999/mcp');
    }
    const metadata = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
      scopes_supported: string[];
    };
    expect(metadata.scopes_supported).toContain('notes:write');
  }, 120_000);

  test('clients may register for the scope that is new', async () => {
    const register = async (scope: string): Promise<number> => {
      const response = await fetch(`${issuer}/clients-registrations/openid-connect`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ client_name: 'a client', redirect_uris: ['http://localhost:3334/callback'], scope },
          token_endpoint_auth_method: 'none',
        }),
      });
      await response.body?.cancel();
      return response.status;
    };
    expect(await register('notes:write')).toBe(201);
    expect(await register('notes:old')).toBe(403);
  }, 120_000);

  test('what people have made by hand stays, what they have broken is repaired', async () => {
    const [scope] = objectsOf(await admin.get('/client-scopes')).filter(({ name }) => name === 'notes:read');
    const path = `/client-scopes/${scope?.id}/protocol-mappers/models`;
    const own = { protocol: 'openid-connect', protocolMapper: 'oidc-hardcoded-claim-mapper' };
    await admin.post(path, { name: 'ours', ...own, config: { 'claim.name': 'team', 'claim.value': 'aesir' } });
    for (const mapper of objectsOf(scope?.protocolMappers)) {
      if (mapper.protocolMapper === 'oidc-audience-mapper') await admin.remove(`${path}/${mapper.id}`);
    }
    await admin.put('', { accessTokenLifespan: 36_000, displayName: 'Asgard' });
    const [mappers] = await mapperPolicies();
    await admin.put(`/components/${mappers?.id}`, {
      ...mappers,
      config: { 'allowed-protocol-mapper-types': ['oidc-usermodel-attribute-mapper', 'oidc-hardcoded-claim-mapper'] },
    });
    const changes = await repairRealm(admin, fileOf(after));
    expect(changes).toContain('accessTokenLifespan changed from 36000 to 300');
    expect(changes).toContain('policy "Allowed mappers" for anonymous registration changed');
    expect(JSON.stringify(await mapperPolicies())).not.toContain('oidc-hardcoded-claim-mapper');
    expect(changes.some((text) => /^scope notes:read: .*audience.* added$/.test(text))).toBe(true);
    const names = objectsOf(await admin.get(path)).map(({ name }) => name);
    expect(names).toContain('ours');
    expect(await repairRealm(admin, fileOf(after))).toEqual([]);
  }, 120_000);

  test('a stack that others reach now does without demo users and the client of the Inspector', async () => {
    const scopes = ['notes:read', 'notes:write'];
    const bound = exampleSettings({ scopes, port: 8001, bind: '0.0.0.0', ports: { inspector: 6299 } });
    expect(await repairRealm(admin, fileOf(bound))).toEqual(['demo user freya disabled', 'demo user loki disabled']);
    expect(objectsOf(await admin.get('/users?username=freya&exact=true'))).toMatchObject([{ enabled: false }]);
    const named = exampleSettings({ scopes, publicUrl: 'https://mcp.example.com' });
    expect(await repairRealm(admin, fileOf(named))).toEqual(
      expect.arrayContaining([
        'audience changed from http://localhost:8001/mcp to https://mcp.example.com/mcp',
        'client inspector disabled: it is for a stack that only this machine reaches',
      ]),
    );
    expect(await repairRealm(admin, fileOf(named))).toEqual([]);
  }, 120_000);

  test('a password that is no longer that of the administrator is told apart', async () => {
    const other = createRealmAdmin({ realm: before.realm, password: 'wrong', ask });
    await expect(compareRealm(other, fileOf(after))).rejects.toMatchObject({ code: 'sign_in_failed' });
  });
});
