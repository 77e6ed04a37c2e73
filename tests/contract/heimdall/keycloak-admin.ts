import { randomUUID } from 'node:crypto';
import { createTokenVerifier } from '@asgard/heimdall-client';
import { createKeycloakAdmin, type KeycloakAdmin } from '@asgard/heimdall-client/keycloak-admin';
import { decodeJwt } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { readMetadata, registerClient } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signIn } from '../../../packages/devstack/src/heimdall/sign-in.ts';

/** A realm with a service account that may administer it. */
export interface AdministeredRealm {
  readonly issuer: string;
  readonly users: readonly { username: string; password: string; organization: string }[];
  readonly admin: { readonly clientId: string; readonly secret: string };
}

const redirectUri = 'http://127.0.0.1:1/callback';

/** What `createKeycloakAdmin` makes is there, and works in tokens. Only Keycloak has this interface. */
export function keycloakAdminContract(start: () => Promise<AdministeredRealm>): void {
  describe('Keycloak: administration', () => {
    let realm: AdministeredRealm;
    let admin: KeycloakAdmin;

    beforeAll(async () => {
      realm = await start();
      admin = createKeycloakAdmin({
        issuer: realm.issuer,
        client: { method: 'client_secret_basic', ...realm.admin },
      });
    });

    const signInBy = (clientId: string, scope: string) => {
      const { username: user, password } = realm.users[0] ?? { username: '', password: '' };
      return signIn({ issuer: realm.issuer, user, password, clientId, redirectUri, scope });
    };

    test('a client and a scope give a token for the resource', async () => {
      const audience = 'https://made.example/mcp';
      const client = await admin.clients.create({ clientId: 'made', type: 'public', redirectUris: [redirectUri] });
      const scope = await admin.scopes.create({ name: 'made:tools', audience });
      await admin.scopes.offer(scope.id, { clientId: client.id });
      expect(await admin.clients.find('made')).toEqual(client);
      expect(client.secret).toBeUndefined();
      expect(await admin.scopes.find('made:tools')).toEqual(scope);
      const { accessToken } = await signInBy('made', 'made:tools');
      const principal = await createTokenVerifier({ issuer: realm.issuer, audience }).verify(accessToken);
      expect(principal).toMatchObject({ clientId: 'made', scopes: expect.arrayContaining(['made:tools']) });
    });

    test('a confidential client has a secret, with which it signs in for itself', async () => {
      const { id, secret } = await admin.clients.create({
        clientId: 'job',
        type: 'confidential',
        serviceAccount: true,
      });
      const job = createKeycloakAdmin({
        issuer: realm.issuer,
        client: { method: 'client_secret_post', clientId: 'job', secret: secret ?? '' },
      });
      // Only with this scope the realm gives anybody a token without a user.
      await expect(job.clients.find('job')).rejects.toThrow(/Request not allowed|400/);
      const service = await admin.scopes.find('service');
      await admin.scopes.offer(service?.id ?? '', { clientId: id, as: 'default' });
      await expect(job.clients.find('job')).rejects.toMatchObject({ code: 'client_refused', message: /403/ });
    });

    test('a scope for all to come is offered to the next client', async () => {
      const scope = await admin.scopes.create({ name: 'all:tools', audience: 'https://all.example/mcp' });
      await admin.scopes.offer(scope.id);
      await admin.clients.create({ clientId: 'next', type: 'public', redirectUris: [redirectUri] });
      const { accessToken } = await signInBy('next', 'all:tools');
      expect([decodeJwt(accessToken).aud].flat()).toContain('https://all.example/mcp');
    });

    test('clients that have registered themselves go when nobody uses them', async () => {
      const { registration_endpoint } = await readMetadata(realm.issuer, fetch);
      const register = () => registerClient(registration_endpoint, redirectUri, fetch);
      const [signedIn, idle] = [await register(), await register()];
      await signInBy(signedIn, 'mcp:tools');
      expect(await admin.clients.removeUnused()).toEqual([]);
      const later = (days: number) =>
        createKeycloakAdmin({
          ...{ issuer: realm.issuer, client: { method: 'client_secret_basic', ...realm.admin } },
          now: () => Date.now() + days * 86_400_000,
        });
      expect(await later(31).clients.removeUnused()).toEqual([idle]);
      expect(await admin.clients.find(idle)).toBeUndefined();
      expect((await admin.clients.find(signedIn))?.clientId).toBe(signedIn);
      expect((await admin.clients.find('inspector'))?.clientId).toBe('inspector');
    });

    test('an organization, its domains and its members', async () => {
      const { organizations } = admin;
      const domains = [{ name: 'asgard.example', verified: true }];
      const made = await organizations.create({ alias: 'asgard', name: 'All of Asgard', domains });
      expect(made).toMatchObject({ alias: 'asgard', name: 'All of Asgard', enabled: true, domains });
      expect(await organizations.find('asgard')).toEqual(made);
      const found = await organizations.find(realm.users[0]?.organization ?? '');
      expect(found?.domains).toHaveLength(1);
      expect(await organizations.find('nobody')).toBeUndefined();

      const more = [...domains, { name: 'bifrost.example', verified: false }];
      const changed = await organizations.setDomains(made.id, more);
      expect(new Set(changed.domains)).toEqual(new Set(more));

      const members = (await organizations.listMembers(found?.id ?? '')).items;
      expect(members.map(({ username }) => username)).toEqual([realm.users[0]?.username]);
      const member = members[0]?.id ?? '';
      await organizations.addMember(made.id, member);
      expect((await organizations.listMembers(made.id)).items.map(({ id }) => id)).toEqual([member]);
      await expect(organizations.addMember(made.id, member)).rejects.toMatchObject({ code: 'conflict' });
      await organizations.removeMember(made.id, member);
      expect((await organizations.listMembers(made.id)).items).toEqual([]);
    });

    test('organizations come in pages', async () => {
      const first = await admin.organizations.list({ max: 2 });
      expect(first).toMatchObject({ items: { length: 2 }, next: 2 });
      const second = await admin.organizations.list({ first: first.next ?? 0, max: 2 });
      expect(second.items.length).toBeGreaterThan(0);
      expect(first.items.map(({ id }) => id)).not.toContain(second.items[0]?.id);
    });

    test('what is there cannot be made again, and what is not there cannot be changed', async () => {
      const [{ organization: alias } = { organization: '' }] = realm.users;
      await expect(admin.organizations.create({ alias })).rejects.toMatchObject({ code: 'conflict' });
      await expect(admin.clients.create({ clientId: 'odin', type: 'public' })).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(admin.scopes.create({ name: 'mcp:tools', audience: 'https://a.example' })).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(admin.scopes.offer(randomUUID())).rejects.toMatchObject({ code: 'not_found' });
      await expect(admin.organizations.setDomains(randomUUID(), [])).rejects.toMatchObject({ code: 'not_found' });
    });
  });
}
