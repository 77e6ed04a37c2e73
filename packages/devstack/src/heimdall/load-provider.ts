type OidcProvider = typeof import('oidc-provider');

const notice = 'Unsupported runtime.';

/**
 * Loads oidc-provider, which takes a third of a second, when an issuer is really wanted. On Node 20 the library warns that it supports newer
 * versions only. Everything used here is tested on Node 20, so that one line is not shown; any other output passes.
 */
export async function loadProvider(): Promise<OidcProvider> {
  const { warn } = console;
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes(`oidc-provider WARNING: ${notice}`)) warn.apply(console, args);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}
