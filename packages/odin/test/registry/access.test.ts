import { describe, expect, it } from 'vitest';
import { OdinServer } from '../../src/index.ts';
import { AccessPolicy, hasRole, isMember } from '../../src/registry/access.ts';
import { createTestClient, testPrincipal } from '../../src/testing.ts';
import { createFixture, modernRequest } from '../fixture.ts';

describe('AccessPolicy', () => {
  const policy = new AccessPolicy({ admin: ['write'], write: ['read'], loop: ['loop', 'pool'], pool: ['loop'] });

  it('lets broad scopes stand for narrow ones, over several steps, and not the other way', () => {
    const caller = (scopes: string[]) => testPrincipal({ scopes });
    expect(policy.denial({ scopes: ['read'] }, caller(['admin']))).toBeUndefined();
    expect(policy.denial({ scopes: ['read', 'write'] }, caller(['write']))).toBeUndefined();
    expect(policy.denial({ scopes: ['admin', 'read'] }, caller(['write']))).toEqual({
      what: 'scopes',
      scopes: ['admin', 'read'],
    });
    expect(policy.denial({ scopes: ['loop'] }, caller(['pool']))).toBeUndefined();
  });

  it.each(['', 'rea', 'read write', 'READ', '*', '__proto__', 'constructor'])(
    'takes the scope %j for nothing else',
    (scope) => {
      expect(policy.denial({ scopes: ['read'] }, testPrincipal({ scopes: [scope] }))).toBeDefined();
    },
  );

  it('asks for roles and organizations', () => {
    const principal = testPrincipal({
      roles: { realm: ['editor'], clients: { 'my/app': ['owner'] } },
      organizations: [{ alias: 'acme' }],
    });
    expect([
      hasRole(principal, 'editor'),
      hasRole(principal, 'my/app/owner'),
      hasRole(principal, 'owner'),
      hasRole(principal, 'app/owner'),
      hasRole(principal, '__proto__/x'),
    ]).toEqual([true, true, false, false, false]);
    expect([
      isMember(principal, 'acme'),
      isMember(principal, true),
      isMember(principal, 'ACME'),
      isMember(testPrincipal(), true),
    ]).toEqual([true, true, false, false]);
    expect(policy.denial({ roles: ['editor'], organization: 'acme' }, principal)).toBeUndefined();
    expect(policy.denial({ roles: ['owner'] }, principal)).toEqual({ what: 'roles', scopes: [] });
    expect(policy.denial({ organization: 'other' }, principal)).toEqual({ what: 'organization', scopes: [] });
  });
});

describe('entries for some callers only', () => {
  const createServer = (): OdinServer => {
    const odin = new OdinServer({ name: 'x', version: '1' });
    odin.tool({ name: 'open' }, () => 'open');
    odin.tool({ name: 'edit', roles: ['editor'] }, () => 'edit');
    odin.tool({ name: 'ours', organization: 'acme' }, () => 'ours');
    odin.resource('note://{id}', { roles: ['editor'] }, () => 'note');
    return odin;
  };
  const editor = testPrincipal({ roles: { realm: ['editor'], clients: {} } });
  const member = testPrincipal({ organizations: [{ alias: 'acme' }] });

  it('are listed for those who may use them, also from prepared lists', async () => {
    const odin = createServer();
    const names = async (principal = testPrincipal()) =>
      (await createTestClient(odin, { principal }).listTools()).map(({ name }) => name);
    expect(await names(editor)).toEqual(['open', 'edit']);
    expect(await names(member)).toEqual(['open', 'ours']);
    expect(await names()).toEqual(['open']);
  });

  it('are refused to all others, subscriptions included', async () => {
    const client = createTestClient(createServer(), { principal: member });
    await expect(client.callTool('edit')).rejects.toThrow('does not have the role');
    await expect(createTestClient(createServer(), { principal: editor }).callTool('ours')).rejects.toThrow(
      'not a member',
    );
    await expect(client.readResource('note://1')).rejects.toThrow('does not have the role');
    await expect(
      client.request('subscriptions/listen', { notifications: { resourceSubscriptions: ['note://1'] } }),
    ).rejects.toThrow('does not have the role');
    expect(await client.callTool('ours')).toMatchObject({ content: [{ text: 'ours' }] });
  });

  it('are 403 without a scope challenge over HTTP when a role is missing', async () => {
    const verifier = { peek: () => member, verify: async () => member };
    const { odin } = createFixture({ url: 'http://localhost/mcp', auth: { issuer: 'http://localhost/i', verifier } });
    odin.tool({ name: 'edit', roles: ['editor'] }, () => 'edit');
    const response = await odin.fetch(
      modernRequest('tools/call', { name: 'edit' }, { headers: { authorization: 'Bearer x' } }),
    );
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, null]);
  });
});
