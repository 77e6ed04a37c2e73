import { signIn } from './src/heimdall/sign-in.ts';
import { decodeJwt, decodeProtectedHeader } from 'jose';
const issuer = 'http://localhost:18080/heimdall/realms/asgard';
const t = await signIn({ issuer, user: 'freya', resource: 'http://localhost:7999/mcp', scope: 'openid' }).catch(e => { console.log(e.message, e.cause?.message ?? ''); });
if (t) console.log(decodeProtectedHeader(t.accessToken), decodeJwt(t.accessToken), t.refreshToken && decodeProtectedHeader(t.refreshToken), t.idToken && decodeJwt(t.idToken));
