import { BASE_HEADERS, type Case, legacy, modern, raw } from '../request.ts';

const HELLO = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'corpus', version: '0' } };

const INITIALIZE: readonly (readonly [string, unknown])[] = [
  ['2025-11-25', HELLO],
  ['2025-06-18', { ...HELLO, protocolVersion: '2025-06-18' }],
  ['2025-03-26', { ...HELLO, protocolVersion: '2025-03-26' }],
  ['2024-11-05', { ...HELLO, protocolVersion: '2024-11-05' }],
  ['2026-07-28', { ...HELLO, protocolVersion: '2026-07-28' }],
  ['a future version', { ...HELLO, protocolVersion: '2099-01-01' }],
  ['an empty version', { ...HELLO, protocolVersion: '' }],
  ['a number as version', { ...HELLO, protocolVersion: 5 }],
  ['no version', { ...HELLO, protocolVersion: undefined }],
  ['no capabilities', { ...HELLO, capabilities: undefined }],
  ['no client info', { ...HELLO, clientInfo: undefined }],
  ['client info without version', { ...HELLO, clientInfo: { name: 'x' } }],
  ['rich capabilities', { ...HELLO, capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} } }],
  ['no params', undefined],
];

/** Requests of `subscriptions/listen` that are refused, so that their answers end. */
const REFUSED_FILTERS: readonly unknown[] = [
  undefined,
  null,
  5,
  'tools',
  [],
  { toolsListChanged: 'yes' },
  { resourceSubscriptions: 'note://today' },
  { resourceSubscriptions: [5] },
];

/** Those that are granted: the acknowledgement comes first, and nothing after it. */
const GRANTED_FILTERS: readonly Readonly<Record<string, unknown>>[] = [
  { toolsListChanged: true },
  { promptsListChanged: true, resourcesListChanged: true },
  { resourceSubscriptions: ['note://today', 'note://1'] },
  { toolsListChanged: true, promptsListChanged: false, resourceSubscriptions: [] },
  { toolsListChanged: true, unknownListChanged: true },
];

const HTTP: readonly (readonly [string, string, string?])[] = [
  ['GET', 'a stream'],
  ['DELETE', 'a session'],
  ['PUT', 'nothing'],
  ['PATCH', 'nothing'],
  ['HEAD', 'nothing'],
  ['OPTIONS', 'preflight'],
];

export const LIFECYCLE: readonly Case[] = [
  modern('discover', 'server/discover'),
  modern('discover with params', 'server/discover', { extra: 1 }),
  legacy('discover of an older era', 'server/discover', {}),
  ...INITIALIZE.flatMap(([what, params]) => [
    legacy(`initialize with ${what}`, 'initialize', params, { headers: { 'mcp-protocol-version': undefined } }),
    legacy(`initialize with ${what} under a version header`, 'initialize', params),
  ]),
  legacy('ping', 'ping'),
  legacy('ping with params', 'ping', { _meta: { progressToken: 1 } }),
  ...['debug', 'emergency', 'loud', 5].map((level) => legacy(`set level ${level}`, 'logging/setLevel', { level })),
  ...REFUSED_FILTERS.map((notifications) =>
    modern(`listen to ${JSON.stringify(notifications)}`, 'subscriptions/listen', { notifications }),
  ),
  ...GRANTED_FILTERS.map(
    (notifications): Case => ({
      ...modern(
        `listen to ${JSON.stringify(notifications)}`,
        'subscriptions/listen',
        { notifications },
        { id: 'listen' },
      ),
      endless: true,
    }),
  ),
  modern('listen to nothing', 'subscriptions/listen', { notifications: {} }),
  legacy('listen of an older era', 'subscriptions/listen', { notifications: { toolsListChanged: true } }),
  ...HTTP.flatMap(([httpMethod, what]): Case[] => [
    { name: `${httpMethod} for ${what}`, httpMethod, headers: { accept: 'text/event-stream' } },
    {
      name: `${httpMethod} for ${what} under a version`,
      httpMethod,
      headers: { accept: 'text/event-stream', 'mcp-protocol-version': '2026-07-28', 'mcp-session-id': 'abc' },
    },
  ]),
  raw('POST without a body', '', BASE_HEADERS),
];
