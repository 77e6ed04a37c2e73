import { type Heimdall, signIn, startHeimdall } from '@asgard/devstack';

/** What the gateway under test takes tokens for, and what it does not. */
export const AUDIENCE = 'https://mcp.example.com/mcp';
const OTHER_AUDIENCE = 'https://tenant.example.com/mcp';

/** Named in the challenge. */
export const RESOURCE_METADATA = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp';

/** Who signs the tokens that the gateway under test checks. */
export interface Issuer {
  readonly url: string;
  /** A token of freya for the audience of the gateway. */
  readonly token: string;
  /** A token of freya for another server of the same issuer. */
  readonly foreignToken: string;
  close(): Promise<void>;
}

/** @param port of the issuer on 127.0.0.1, which is in the configuration of a real gateway */
export async function startIssuer(port: number): Promise<Issuer> {
  const heimdall: Heimdall = await startHeimdall({
    publicUrl: `http://127.0.0.1:${port}/heimdall/realms/asgard`,
    port,
    resources: [AUDIENCE, OTHER_AUDIENCE],
  });
  const tokenFor = async (resource: string): Promise<string> =>
    (await signIn({ issuer: heimdall.issuer, user: 'freya', resource, scope: 'openid profile' })).accessToken;
  return {
    url: heimdall.issuer,
    token: await tokenFor(AUDIENCE),
    foreignToken: await tokenFor(OTHER_AUDIENCE),
    close: heimdall.close,
  };
}
