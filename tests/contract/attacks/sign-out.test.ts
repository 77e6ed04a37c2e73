import { startHeimdall } from '@asgard/devstack';
import { OdinServer } from '@asgard/odin';
import { listen } from '@asgard/odin/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowser } from '../../../packages/devstack/src/heimdall/browser.ts';
import { readMetadata } from '../../../packages/devstack/src/heimdall/oauth-client.ts';
import { signInWith } from '../../../packages/devstack/src/heimdall/sign-in.ts';
import { findFreePorts } from '../../real/ports.ts';
import { registerLogoutClient } from '../heimdall/logout-client.ts';
import { callTool, message } from './messages.ts';
import { send } from './wire.ts';

const callback = 'http://127.0.0.1:1/callback';
const closers: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** From the button of the issuer's page to the end of the stream, with everything in between as it is in development. */
describe('signing out at the stand-in issuer', () => {
  let port = 0;
  let issuer = '';
  let resource = '';
  let clientId = '';
  let aborted = 0;

  beforeAll(async () => {
    const [issuerPort = 0, odinPort = 0] = await findFreePorts(2);
    port = odinPort;
    resource = `http://localhost:${port}/mcp`;
    issuer = `http://localhost:${issuerPort}`;
    const heimdall = await startHeimdall({ publicUrl: issuer, port: issuerPort, resources: [resource] });
    closers.push(() => heimdall.close());
    clientId = await registerLogoutClient(issuer, {
      redirectUri: callback,
      logoutUri: `http://127.0.0.1:${port}/.odin/logout`,
    });
    const odin = new OdinServer({
      ...{ name: 'sign-out', version: '1.0.0', url: resource },
      auth: { issuer, backChannelLogout: { clients: clientId } },
    });
    odin.tool({ name: 'wait' }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      aborted += 1;
    });
    odin.tool({ name: 'treasure' }, () => 'gold');
    const server = await listen(odin, { port });
    closers.push(() => server.close({ deadlineMs: 500 }));
  });

  async function signIn(user: string) {
    const browser = createBrowser(callback, fetch);
    const common = { issuer, resource, user, password: user, clientId, redirectUri: callback };
    const signedIn = await signInWith(browser, { ...common, scope: 'openid mcp:tools' });
    const signOut = async (): Promise<void> => {
      const { end_session_endpoint = '' } = await readMetadata(issuer, fetch);
      const query = new URLSearchParams({ client_id: clientId, id_token_hint: signedIn.idToken ?? '' });
      const visit = await browser.open(`${end_session_endpoint}?${query}`);
      if ('page' in visit && /<form/.test(visit.page.html)) await browser.submit(visit.page, { logout: 'yes' });
    };
    const authorization = `Bearer ${signedIn.accessToken}`;
    const call = ({ headers, body }: { headers: object; body: string }) =>
      send(port, { headers: { ...headers, host: `localhost:${port}`, authorization }, body });
    return { call, signOut };
  }

  test('ends the call and the subscription of the user, refuses the token, and leaves others alone', async () => {
    const [freya, loki] = [await signIn('freya'), await signIn('loki')];
    expect((await freya.call(callTool('treasure'))).body).toContain('gold');
    const waiting = freya.call(callTool('wait'));
    const listening = freya.call(message('subscriptions/listen', { notifications: { toolsListChanged: true } }));
    await new Promise((resolve) => setTimeout(resolve, 300));

    await freya.signOut();

    expect((await waiting).body).toContain('The access token was revoked');
    expect((await listening).body).toContain('The access token was revoked');
    expect(aborted).toBe(1);
    const refused = await freya.call(callTool('treasure'));
    expect([refused.status, refused.body.includes('gold')]).toEqual([401, false]);
    expect(refused.challenge).toContain('error="invalid_token"');
    expect((await loki.call(callTool('treasure'))).body).toContain('gold');
  });
});
