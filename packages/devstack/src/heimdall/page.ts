import type { HeimdallUser } from './users.ts';

/** What the login page tells and offers. */
export interface LoginPage {
  /** Where the forms go. */
  readonly action: string;
  readonly users: readonly HeimdallUser[];
  /** As the client calls itself: not to be trusted. */
  readonly clientName: string;
  /** Where the browser goes afterwards. */
  readonly redirectUri: string;
  readonly resource: string;
  readonly scope: string;
  /** Why the page is shown again. */
  readonly problem?: string;
}

/** Headers of every page: nothing from elsewhere is loaded, and no other page may put it into a frame. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/** Signing in and consenting in one click: a button for each user. The field names are those of Keycloak's login form. */
export function renderLoginPage(page: LoginPage): string {
  const forms = page.users.map(
    (user) => `<form method="post" action="${escapeHtml(page.action)}">
<input type="hidden" name="username" value="${escapeHtml(user.username)}">
<input type="hidden" name="password" value="${escapeHtml(user.password)}">
<button type="submit">Sign in as ${escapeHtml(user.username)} (${escapeHtml(user.organization)})</button>
</form>`,
  );
  return renderPage(
    'Sign in',
    `${page.problem ? `<p role="alert"><strong>${escapeHtml(page.problem)}</strong></p>\n` : ''}<p><strong>${escapeHtml(page.clientName)}</strong> asks for access. It gets what is listed here as soon as you sign in.</p>
<dl>
<dt>Resource</dt><dd>${escapeHtml(page.resource)}</dd>
<dt>Scope</dt><dd>${escapeHtml(page.scope)}</dd>
<dt>Then you go to</dt><dd>${escapeHtml(page.redirectUri)}</dd>
</dl>
${forms.join('\n')}
<form method="post" action="${escapeHtml(page.action)}">
<input type="hidden" name="cancel" value="yes">
<button type="submit" class="quiet">Cancel</button>
</form>`,
  );
}

/**
 * Asks whether to sign out.
 *
 * @param form the provider's own form, without a button
 */
export function renderLogoutPage(form: string): string {
  const button = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>';
  return renderPage('Sign out', `${form}\n<p>Clients that can be told will be told.</p>\n${button}`);
}

/** Tells that the session is over. */
export function renderLoggedOutPage(): string {
  return renderPage('Signed out', '<p>You can close this page.</p>');
}

/** Tells why something cannot go on. */
export function renderErrorPage(error: string, description: string): string {
  return renderPage('This did not work', `<p><code>${escapeHtml(error)}</code></p>\n<p>${escapeHtml(description)}</p>`);
}

function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Heimdall for development</title>
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 8vh auto; padding: 0 1.5rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
button { font: inherit; width: 100%; padding: .75rem; margin: .25rem 0; cursor: pointer; }
.quiet { background: none; border: 1px solid currentColor; }
footer { margin-top: 2rem; border-top: 1px solid currentColor; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
<footer><p>This identity provider is for development only. Its users are made up and anybody on this computer can be any of them.</p></footer>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
