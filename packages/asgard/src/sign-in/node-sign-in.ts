import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openBrowser } from '../open-browser.ts';
import { signInByBrowser } from './browser-sign-in.ts';
import { type CredentialFiles, createCredentialStore } from './credential-store.ts';

export interface NodeSignInOptions {
  readonly files: CredentialFiles;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether somebody sits at the terminal. */
  readonly interactive: boolean;
  readonly interrupted: AbortSignal;
}

/** The sign-in of this machine's user: tokens in the folder for settings, pages in the browser. */
export function createBrowserSignIn(
  options: NodeSignInOptions,
): (url: string, scopes: readonly string[]) => Promise<string> {
  const { files, env, interactive, interrupted } = options;
  const show = async (page: string): Promise<void> => {
    process.stderr.write(`Sign in at ${page}\n`);
    openBrowser(page);
  };
  const store = createCredentialStore(credentialPath(env, homedir()), files);
  return (url, scopes) =>
    signInByBrowser({ url, scopes, store, openBrowser: interactive ? show : undefined, now: Date.now, interrupted });
}

/** XDG Base Directory Specification; `APPDATA` on Windows. */
export function credentialPath(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(env.XDG_CONFIG_HOME || env.APPDATA || join(home, '.config'), 'asgard', 'tokens.json');
}
