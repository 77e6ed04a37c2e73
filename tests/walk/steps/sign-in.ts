import assert from 'node:assert/strict';
import { signIn } from '@asgard/devstack';
import type { Step } from '../walk.ts';
import { REDIRECT_URI } from './register.ts';

export const signInWithPkce: Step = {
  name: 'sign in with PKCE',
  async run(state) {
    const { issuer, mcpUrl, users } = state.target;
    const [user] = users;
    assert.ok(user, 'the issuer has no user');
    const { accessToken, expiresIn } = await signIn({
      issuer,
      user: user.username,
      password: user.password,
      clientId: state.clientId,
      redirectUri: REDIRECT_URI,
      resource: mcpUrl,
    });
    state.token = accessToken;
    return `${user.username}, for ${expiresIn} s`;
  },
};
