import { createCookieJar } from './cookie-jar.ts';
import { failed } from './oauth-client.ts';

const maxSteps = 15;

/** Just enough of a browser to fill in a login form. */
export interface ScriptedBrowser {
  /** Opens a page and follows redirects to another page, or to `stopAt`, which is not opened. */
  open(url: string): Promise<Visit>;
  /** Sends the first form of a page, with its hidden fields unless they are given. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Visit>;
}

/** An HTML page. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
}

/** Where a visit ended: at a page, or where the browser should stop. */
export type Visit = { readonly page: Page } | { readonly arrived: URL };

/**
 * Creates a browser with cookies of its own.
 *
 * @param stopAt redirects to this URL end a visit
 */
export function createBrowser(stopAt: string, fetcher: typeof fetch): ScriptedBrowser {
  const cookies = createCookieJar();
  const target = new URL(stopAt);

  async function visit(start: URL, body?: URLSearchParams): Promise<Visit> {
    let url = start;
    let form = body;
    for (let step = 0; step < maxSteps; step += 1) {
      const cookie = cookies.headerFor(url);
      const response = await fetcher(url, {
        redirect: 'manual',
        headers: { accept: 'text/html', ...(cookie !== undefined && { cookie }) },
        ...(form && { method: 'POST', body: form }),
      });
      cookies.store(url, response.headers);
      const location = response.headers.get('location');
      const html = await response.text();
      if (location === null) return { page: { url, status: response.status, html } };
      url = new URL(location, url);
      form = undefined;
      if (url.origin === target.origin && url.pathname === target.pathname) return { arrived: url };
    }
    throw failed(`the issuer redirects more than ${maxSteps} times.`);
  }

  return {
    open: (url) => visit(new URL(url)),
    submit(page, fields) {
      const form = readForm(page);
      return visit(new URL(form.action, page.url), new URLSearchParams({ ...form.hidden, ...fields }));
    },
  };
}

/** The first form of a page: where it goes, and the fields that nobody sees. */
function readForm({ html, status }: Page): { action: string; hidden: Record<string, string> } {
  const [form, tag] = /(<form\b[^>]*>)[\s\S]*?<\/form>/i.exec(html) ?? [];
  const action = attribute(tag ?? '', 'action');
  if (form === undefined || action === undefined) {
    throw failed(`the issuer shows a page without a form (status ${status}): ${textOf(html)}`);
  }
  const inputs = (form.match(/<input\b[^>]*>/gi) ?? []).filter((input) => attribute(input, 'type') === 'hidden');
  const hidden = inputs.map((input) => [attribute(input, 'name') ?? '', attribute(input, 'value') ?? '']);
  return { action, hidden: Object.fromEntries(hidden) };
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replace(/&(?:#(\d+)|amp|quot);/g, (entity, code?: string) => {
    if (code !== undefined) return String.fromCharCode(Number(code));
    return entity === '&amp;' ? '&' : '"';
  });
}

/** What a person would read first on a page. */
export function textOf(html: string): string {
  const main = /<main[^>]*>([\s\S]*?)<\/main>/i.exec(html)?.[1] ?? html;
  return main
    .replace(/<style[\s\S]*?<\/style>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
