import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from 'oidc-provider';
import { type LoginPage, pageHeaders, renderErrorPage, renderLoginPage } from './page.ts';
import { subjectOf, type UserDirectory } from './users.ts';

const maxFormBytes = 4_096;

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Shows the login page, and finishes the login that it sends. */
export type LoginHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** What the login page is made of. */
export interface LoginParts {
  readonly provider: Provider;
  readonly users: UserDirectory;
  readonly mountPath: string;
}

/** Creates the handler of an issuer's login page. */
export function createLogin({ provider, users, mountPath }: LoginParts): LoginHandler {
  return async (request, response) => {
    let interaction: Interaction;
    try {
      interaction = await provider.interactionDetails(request, response);
    } catch {
      const advice = 'Go back to the application and connect again.';
      return send(response, 400, renderErrorPage('This sign-in is over or was started in another browser.', advice));
    }
    if (request.method === 'GET') return send(response, 200, renderLoginPage(await pageOf(interaction)));
    if (request.method !== 'POST')
      return send(response, 405, renderErrorPage('method_not_allowed', 'Use the buttons.'));

    const form = await readForm(request);
    if (!form) return send(response, 413, renderErrorPage('too_large', 'This is not the form of the login page.'));
    if (form.has('cancel')) return finish({ error: 'access_denied', error_description: 'The user cancelled.' });

    const user = users.byLogin(form.get('username') ?? '', form.get('password') ?? '');
    if (!user) {
      const page = { ...(await pageOf(interaction)), problem: 'There is no such user with this password.' };
      return send(response, 401, renderLoginPage(page));
    }
    const accountId = subjectOf(user);
    return finish({ login: { accountId }, consent: { grantId: await grantAll(interaction, accountId) } });

    function finish(result: Parameters<Provider['interactionFinished']>[2]): Promise<void> {
      return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    }
  };

  async function pageOf({ uid, params }: Interaction): Promise<LoginPage> {
    const client = await provider.Client.find(text(params.client_id));
    return {
      action: `${mountPath}/login/${uid}`,
      users: users.users,
      clientName: client?.clientName ?? text(params.client_id),
      redirectUri: text(params.redirect_uri),
      resource: resourcesOf(params).join(' '),
      scope: text(params.scope),
    };
  }

  /** Consent to exactly what was asked for. */
  async function grantAll({ params }: Interaction, accountId: string): Promise<string> {
    const grant = new provider.Grant({ accountId, clientId: text(params.client_id) });
    grant.addOIDCScope(text(params.scope));
    for (const resource of resourcesOf(params)) grant.addResourceScope(resource, text(params.scope));
    return grant.save();
  }
}

function resourcesOf({ resource }: Interaction['params']): string[] {
  return (Array.isArray(resource) ? resource : [resource]).filter(
    (entry): entry is string => typeof entry === 'string',
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, pageHeaders).end(html);
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += chunk;
    if (body.length > maxFormBytes) return undefined;
  }
  return new URLSearchParams(body);
}
