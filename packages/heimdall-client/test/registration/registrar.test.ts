import { expect, test } from 'vitest';
import { createClientRegistrar } from '../../src/registration/registrar.ts';
import { issuer } from '../support/issuer.ts';

const endpoint = `${issuer}/register`;
const answer = {
  ...{ client_id: 'c-1', client_secret: 's', client_name: 'App' },
  ...{ registration_client_uri: `${endpoint}/c-1`, registration_access_token: 'rat-1' },
};

function setup(options: object = {}) {
  const sent: Request[] = [];
  const state = { answer: () => Response.json(answer, { status: 201 }) };
  const registrar = createClientRegistrar({
    ...{ issuer, endpoint },
    fetch: async (input, init) => {
      sent.push(new Request(input, init));
      return state.answer();
    },
    ...options,
  });
  return { registrar, sent, state };
}

test('registers, with an initial access token where there is one', async () => {
  const { registrar, sent } = setup({ initialAccessToken: 'iat' });
  expect(await registrar.register({ client_name: 'App' })).toEqual({
    ...{ clientId: 'c-1', clientSecret: 's', metadata: answer },
    configuration: { url: `${endpoint}/c-1`, token: 'rat-1' },
  });
  expect(sent[0]).toMatchObject({ method: 'POST', url: endpoint });
  expect(sent[0]?.headers.get('authorization')).toBe('Bearer iat');
  expect(await sent[0]?.json()).toEqual({ client_name: 'App' });
  const open = setup();
  await open.registrar.register({});
  expect(open.sent[0]?.headers.get('authorization')).toBeNull();
});

test('reads, changes and removes with the token of the client, which may be replaced', async () => {
  const { registrar, sent, state } = setup();
  const client = await registrar.register({});
  state.answer = () => Response.json({ client_id: 'c-1', registration_access_token: 'rat-2' });
  const read = await registrar.read(client);
  expect(read.configuration).toEqual({ url: `${endpoint}/c-1`, token: 'rat-2' });
  await registrar.update(read, { ...answer, client_name: 'Other' });
  state.answer = () => new Response(null, { status: 204 }) as Response;
  await registrar.remove(read);
  expect(sent.slice(1).map((request) => [request.method, request.headers.get('authorization')])).toEqual([
    ['GET', 'Bearer rat-1'],
    ['PUT', 'Bearer rat-2'],
    ['DELETE', 'Bearer rat-2'],
  ]);
  const { registration_access_token: _, registration_client_uri: __, ...rest } = answer;
  expect(await sent[2]?.json()).toEqual({ ...rest, client_name: 'Other' });
});

test('a refusal', async () => {
  const { registrar, state } = setup();
  state.answer = () => Response.json({ error: 'invalid_redirect_uri', error_description: 'no' }, { status: 400 });
  await expect(registrar.register({})).rejects.toMatchObject({
    ...{ code: 'registration_refused', status: 403, cause: { message: 'no' } },
    message: 'The issuer refuses the client (invalid_redirect_uri).',
  });
});

test.each<[string, object]>([
  ['about nobody', { client_id: undefined }],
  ['that sends tokens elsewhere', { registration_client_uri: 'https://evil.example/c-1' }],
])('an answer %s is none', async (_name, change) => {
  const { registrar, state } = setup();
  state.answer = () => Response.json({ ...answer, ...change });
  await expect(registrar.register({})).rejects.toMatchObject({ code: 'unavailable' });
});

test('an answer about another client is none', async () => {
  const { registrar, state } = setup();
  const client = await registrar.register({});
  state.answer = () => Response.json({ ...answer, client_id: 'c-2' });
  await expect(registrar.read(client)).rejects.toMatchObject({ code: 'unavailable' });
});

test('tokens are not sent to another host, and a client without configuration stays as it is', async () => {
  const { registrar, sent } = setup();
  const client = { clientId: 'c-1', metadata: {} };
  const elsewhere = { ...client, configuration: { url: 'https://evil.example/c-1', token: 't' } };
  await expect(registrar.remove(elsewhere)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(registrar.remove(client)).rejects.toMatchObject({ code: 'bad_option' });
  expect(sent).toHaveLength(0);
});
