import type { ConsoleInfo } from '../info.ts';
import { byId, copyButton, h } from './dom.ts';

const INSPECTOR = 'http://localhost:6274/';

/** Addresses and commands to come in by, each to be copied. */
export function fillConnect({ name, mcpUrl, issuer, users }: ConsoleInfo): void {
  const dialog = byId('connect') as HTMLDialogElement;
  const opener = byId('connect-open');
  opener.addEventListener('click', () => dialog.showModal());
  byId('connect-close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });

  const inspector = new URL(INSPECTOR);
  inspector.searchParams.set('transport', 'streamable-http');
  inspector.searchParams.set('serverUrl', mcpUrl);
  const sign = users.map(({ username, organizations }) => `${username} (${organizations})`).join(', ');
  byId('connect-rows').append(
    ...row('MCP endpoint', mcpUrl),
    ...row('Issuer', issuer),
    ...row('Claude Code', `claude mcp add --transport http ${name} ${mcpUrl}`),
    ...row('MCP Inspector', 'npx asgard inspect'),
    h('dt', {}, ''),
    h(
      'dd',
      {},
      h('a', { href: inspector.href, target: '_blank', rel: 'noreferrer' }, 'Open the Inspector'),
      h('span', { class: 'muted' }, 'once that command runs'),
    ),
    ...row('Call a tool', 'npx asgard call TOOL key=value'),
    ...row('A token', `npx asgard token --user ${users[0]?.username ?? ''}`),
    h('dt', {}, 'Users'),
    h('dd', {}, h('span', {}, sign), h('span', { class: 'muted' }, 'passwords: see the terminal')),
  );
  byId('endpoint').append(
    h('code', {}, mcpUrl),
    copyButton(() => mcpUrl, 'the MCP endpoint'),
  );
}

function row(label: string, value: string): [HTMLElement, HTMLElement] {
  const copied = copyButton(() => value, label);
  return [h('dt', {}, label), h('dd', {}, h('code', {}, value), copied)];
}
