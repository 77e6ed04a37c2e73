import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Asset {
  readonly type: string;
  readonly body: string;
}

const ASSETS: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
  '/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
};

/** Stands in the page for the token of a start. */
const TOKEN_PLACE = '__ASGARD_CONSOLE_TOKEN__';

/** Always the built files: no bundler runs here. */
const FOLDER = join(dirname(createRequire(import.meta.url).resolve('asgard/package.json')), 'dist', 'console');

/** A file of the page; undefined when there is none under that path. */
export async function readAsset(path: string, token: string): Promise<Asset | undefined> {
  const asset = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
  if (asset === undefined) return undefined;
  const body = await readFile(join(FOLDER, asset.file), 'utf8');
  return { type: asset.type, body: path === '/' ? body.replace(TOKEN_PLACE, token) : body };
}

/**
 * Nothing but our own files runs, nothing is sent elsewhere, nobody frames the page, and text cannot become markup: with Trusted
 * Types and no policy, assigning to `innerHTML` and its like throws.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    'media-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};
