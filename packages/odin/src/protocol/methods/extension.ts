import type { CompiledMethod } from '../../registry/extensions.ts';
import { type Answer, invalidParams, protocolError } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { run } from '../run.ts';
import type { ServerParts } from '../server-parts.ts';
import { RPC } from '../vocabulary.ts';

/** A method of an extension: refused before its handler runs unless client, caller and params are right. */
export async function callExtension(exchange: Exchange, parts: ServerParts, method: CompiledMethod): Promise<Answer> {
  const { definition, params, requires } = method;
  if (requires !== undefined && !declares(exchange, requires)) return missingExtension(requires);
  const denial = parts.catalog.access.denial(definition, exchange.principal);
  if (denial) return { kind: 'denied', denial };
  const { _meta, inputResponses, requestState, ...sent } = exchange.params;
  const checked = params ? await params.validate(sent) : { ok: true as const, value: sent };
  if (!checked.ok) return invalidParams(`Invalid params for ${exchange.method}: ${checked.problem}`);
  return run(exchange, parts, {
    handler: (context) => definition.handler(checked.value as never, context),
    toResult: (value) => toResult(value, exchange.method),
    ...(definition.cache && { cache: definition.cache }),
  });
}

function declares({ client }: Exchange, id: string): boolean {
  const { extensions } = client.capabilities;
  return isJsonObject(extensions) && Object.hasOwn(extensions, id);
}

function missingExtension(id: string): Answer {
  return protocolError(RPC.missingClientCapability, `Missing required client capability: extensions["${id}"]`, {
    requiredCapabilities: { extensions: { [id]: {} } },
  });
}

function toResult(value: unknown, method: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new TypeError(`The handler of ${method} must give an object, not ${value === null ? 'null' : typeof value}`);
}
