import type { IncomingMessage, ServerResponse } from 'node:http';
import { PAGE_HEADERS, readAsset } from './assets.ts';
import type { Calls } from './calls.ts';
import { openEventStream } from './event-stream.ts';
import type { Feed } from './feed.ts';
import { type Denial, type Gate, judgeCall, judgePage, TOKEN_HEADER, type Visitor } from './gate.ts';
import type { ConsoleInfo } from './info.ts';
import type { McpClient } from './mcp-client.ts';
import { isRecord } from './message.ts';
import { readJsonObject } from './request-json.ts';
import type { Users } from './users.ts';

export interface Routes {
  readonly gate: Gate;
  readonly info: ConsoleInfo;
  readonly feed: Feed;
  readonly users: Users;
  readonly calls: Calls;
}

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

type Question = (client: McpClient, signal: AbortSignal) => Promise<unknown>;

const DENIALS: Readonly<Record<Denial, string>> = {
  host: 'This console answers to its own address only.',
  origin: 'This console answers to its own page only.',
  stale: 'This page is from an earlier start.',
};
/** Pages and calls that are open at once. */
const MAX_STREAMS = 64;

/** Answers one request to the console. */
export function createHandler(routes: Routes): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const handlers = createApi(routes);
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://console');
    const visitor = visitorOf(request);
    const handler = handlers.get(`${request.method} ${url.pathname}`);
    const denial = handler === undefined ? judgePage(routes.gate, visitor) : judgeCall(routes.gate, visitor);
    if (denial !== undefined) return fail(response, 403, denial, DENIALS[denial]);
    if (handler !== undefined) return handler(request, response, url);
    const asset = request.method === 'GET' ? await readAsset(url.pathname, routes.gate.token) : undefined;
    if (asset === undefined) return fail(response, 404, 'not_found', 'There is nothing here.');
    response.writeHead(200, { ...PAGE_HEADERS, 'content-type': asset.type }).end(asset.body);
  };
}

function createApi({ info, feed, users, calls }: Routes): ReadonlyMap<string, Handler> {
  let streams = 0;
  const takeStream = (response: ServerResponse): boolean => {
    if (streams >= MAX_STREAMS) return false;
    streams += 1;
    response.once('close', () => {
      streams -= 1;
    });
    return true;
  };
  const showInfo: Handler = (_, response) => reply(response, info);
  const showFeed: Handler = (request, response) => {
    if (!takeStream(response)) return fail(response, 503, 'busy', 'Too many pages are open.');
    const stream = openEventStream(request, response);
    stream.send({ state: feed.state });
    const stop = feed.watch((entry) => stream.send({ entry }));
    stream.gone.addEventListener('abort', stop, { once: true });
  };
  /** Asks the server in the name of a user. */
  const ask = async (response: ServerResponse, user: unknown, work: Question): Promise<void> => {
    const client = users.clientOf(String(user));
    if (client === undefined) return fail(response, 404, 'unknown_user', 'There is no such user.');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      reply(response, await work(client, gone.signal));
    } catch (error) {
      fail(response, 502, 'server', error instanceof Error ? error.message : String(error));
    }
  };
  const showTools: Handler = (_, response, url) =>
    ask(response, url.searchParams.get('user'), async (client, signal) => ({ tools: await client.listTools(signal) }));
  const showResources: Handler = (_, response, url) =>
    ask(response, url.searchParams.get('user'), async (client, signal) => ({
      resources: await client.listResources(signal),
    }));
  const read: Handler = async (request, response) => {
    const { user, uri } = (await readJsonObject(request)) ?? {};
    await ask(response, user, (client, signal) => client.readResource(String(uri), signal));
  };
  const showPrompts: Handler = (_, response, url) =>
    ask(response, url.searchParams.get('user'), async (client, signal) => ({
      prompts: await client.listPrompts(signal),
    }));
  const fill: Handler = async (request, response) => {
    const { user, prompt, args } = (await readJsonObject(request)) ?? {};
    const entries = Object.entries(isRecord(args) ? args : {}).map(([name, value]) => [name, String(value)]);
    await ask(response, user, (client, signal) =>
      client.getPrompt(String(prompt), Object.fromEntries(entries), signal),
    );
  };
  const watch: Handler = async (request, response) => {
    const { user, uri } = (await readJsonObject(request)) ?? {};
    const client = users.clientOf(String(user));
    if (client === undefined || typeof uri !== 'string') {
      return fail(response, 400, 'bad_request', 'A watch names the user and the URI.');
    }
    if (!takeStream(response)) return fail(response, 503, 'busy', 'Too many watches are open.');
    const stream = openEventStream(request, response);
    await client.watchResource({ uri, signal: stream.gone, onEvent: stream.send });
    stream.end();
  };
  const call: Handler = async (request, response) => {
    const { user, tool, args } = (await readJsonObject(request)) ?? {};
    const client = users.clientOf(String(user));
    if (client === undefined || typeof tool !== 'string' || !isRecord(args)) {
      return fail(response, 400, 'bad_request', 'A call names the user, the tool and its arguments.');
    }
    if (!takeStream(response)) return fail(response, 503, 'busy', 'Too many calls are open.');
    const stream = openEventStream(request, response);
    await calls.run({ client, tool, args, signal: stream.gone, send: stream.send });
    stream.end();
  };
  const answer: Handler = async (request, response) => {
    const { questionId, action, content } = (await readJsonObject(request)) ?? {};
    const known = action === 'accept' || action === 'decline' || action === 'cancel' ? action : undefined;
    if (known === undefined) return fail(response, 400, 'bad_request', 'The answer cannot be read.');
    const given = isRecord(content) ? { content } : {};
    if (calls.answer(String(questionId), { action: known, ...given })) return reply(response, {});
    fail(response, 404, 'not_found', 'Nobody waits for that answer any more.');
  };
  return new Map([
    ['GET /api/info', showInfo],
    ['GET /api/feed', showFeed],
    ['GET /api/tools', showTools],
    ['GET /api/resources', showResources],
    ['GET /api/prompts', showPrompts],
    ['POST /api/prompts', fill],
    ['POST /api/reads', read],
    ['POST /api/watches', watch],
    ['POST /api/calls', call],
    ['POST /api/answers', answer],
  ]);
}

function visitorOf({ headers }: IncomingMessage): Visitor {
  const token = headers[TOKEN_HEADER];
  const site = headers['sec-fetch-site'];
  return {
    host: headers.host,
    origin: headers.origin,
    site: typeof site === 'string' ? site : undefined,
    token: typeof token === 'string' ? token : undefined,
  };
}

function reply(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { ...PAGE_HEADERS, 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code, message } }));
}
