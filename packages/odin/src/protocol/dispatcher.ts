import { type Answer, protocolError } from './answer.ts';
import type { Era, Exchange } from './exchange.ts';
import { answerThrown } from './failure.ts';
import { complete } from './methods/completion.ts';
import { callExtension } from './methods/extension.ts';
import { discover, initialize, ping } from './methods/lifecycle.ts';
import { listen } from './methods/listen.ts';
import { getPrompt, listPrompts } from './methods/prompts.ts';
import { listResources, listResourceTemplates, readResource } from './methods/resources.ts';
import { setLogLevel, subscribe, unsubscribe } from './methods/session.ts';
import { callTool, listTools } from './methods/tools.ts';
import { runThrough } from './middleware.ts';
import type { ServerParts } from './server-parts.ts';
import { RPC } from './vocabulary.ts';

type Method = (exchange: Exchange, parts: ServerParts) => Answer | Promise<Answer>;

const SHARED: readonly (readonly [string, Method])[] = [
  ['tools/list', listTools],
  ['tools/call', callTool],
  ['resources/list', listResources],
  ['resources/templates/list', listResourceTemplates],
  ['resources/read', readResource],
  ['prompts/list', listPrompts],
  ['prompts/get', getPrompt],
  ['completion/complete', complete],
];

const METHODS: Readonly<Record<Era, ReadonlyMap<string, Method>>> = {
  modern: new Map([...SHARED, ['server/discover', discover], ['subscriptions/listen', listen]]),
  legacy: new Map([
    ...SHARED,
    ['initialize', initialize],
    ['ping', ping],
    ['logging/setLevel', setLogLevel],
    ['resources/subscribe', subscribe],
    ['resources/unsubscribe', unsubscribe],
  ]),
};

/** Answers one exchange. Never rejects: whatever goes wrong becomes the answer. */
export async function dispatch(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  try {
    if (parts.middleware.length === 0) return withText(await callMethod(exchange, parts));
    const seen = namesNothing(exchange, parts) ? { ...exchange, unknown: true } : exchange;
    return withText(await runThrough(parts.middleware, seen, async () => answerOf(exchange, parts)));
  } catch (thrown) {
    return answerThrown(thrown, exchange, parts);
  }
}

/** Made here, where a value that has no JSON text can still be answered with an error. */
function withText(answer: Answer): Answer {
  return answer.kind === 'result'
    ? { kind: 'result', result: answer.result, json: JSON.stringify(answer.result) }
    : answer;
}

function namesNothing({ method, params: { name } }: Exchange, { catalog }: ServerParts): boolean {
  if (method === 'tools/call') return typeof name !== 'string' || !catalog.tools.has(name);
  return method === 'prompts/get' && (typeof name !== 'string' || !catalog.prompts.has(name));
}

/** What a method throws is an answer too, before middleware sees it. */
async function answerOf(exchange: Exchange, parts: ServerParts): Promise<Answer> {
  try {
    return await callMethod(exchange, parts);
  } catch (thrown) {
    return answerThrown(thrown, exchange, parts);
  }
}

function callMethod(exchange: Exchange, parts: ServerParts): Answer | Promise<Answer> {
  const method = METHODS[exchange.era].get(exchange.method);
  if (method) return method(exchange, parts);
  const extended = parts.catalog.extensions.methods.get(exchange.method);
  return extended ? callExtension(exchange, parts, extended) : protocolError(RPC.methodNotFound, 'Method not found');
}
