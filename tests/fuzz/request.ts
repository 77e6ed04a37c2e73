import { CORPUS } from '../differential/corpus.ts';
import { modern } from '../differential/request.ts';
import { EXTENSION_SEEDS } from './extensions.ts';
import { mutateHeaders } from './mutate/headers.ts';
import { mutateStructure } from './mutate/structure.ts';
import { mutateBytes, mutateText } from './mutate/text.ts';
import { Random } from './random.ts';
import { HOSTILE_TOOLS } from './server.ts';

/** A mutated request, whole and printable. */
export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Seed {
  readonly httpMethod?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Larger bodies cost time and find nothing that smaller ones do not. */
const MAX_SEED = 20_000;

const HOSTILE: readonly Seed[] = HOSTILE_TOOLS.map((name) =>
  modern(name, 'tools/call', { name, arguments: {} }, { meta: { progressToken: 1 } }),
);
const ORDINARY: readonly Seed[] = CORPUS.filter(({ body = '' }) => body.length <= MAX_SEED);

const PATHS = ['/', '/mcp/', '/mcp?x=1', '/mcp?access_token=x', '//mcp', '/.odin/ready', '/%6dcp'] as const;
const METHODS = ['GET', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'PATCH'] as const;

/** The request number `index` of a run. The same seed and number give the same request. */
export function makeRequest(seed: number, index: number): FuzzRequest {
  const random = new Random(seed, index);
  const { httpMethod = 'POST', headers, body = '' } = random.pick(seedsFor(random.next()));
  let changedHeaders = headers;
  for (let change = random.chance(0.3) ? 1 + random.below(2) : 0; change > 0; change -= 1)
    changedHeaders = mutateHeaders(changedHeaders, random);
  return {
    method: random.chance(0.02) ? random.pick(METHODS) : httpMethod,
    path: random.chance(0.03) ? random.pick(PATHS) : '/mcp',
    headers: changedHeaders,
    body: changeBody(body, random),
  };
}

function seedsFor(chance: number): readonly Seed[] {
  if (chance < 0.2) return HOSTILE;
  return chance < 0.35 ? EXTENSION_SEEDS : ORDINARY;
}

function changeBody(body: string, random: Random): Uint8Array {
  const kind = random.next();
  if (kind < 0.2) return encode(body);
  if (kind < 0.7) return encode(restructured(body, random));
  if (kind < 0.9) return encode(mutateText(body, random));
  return mutateBytes(encode(body), random);
}

function restructured(body: string, random: Random): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return mutateText(body, random);
  }
  for (let change = 0; change <= random.below(3); change += 1) {
    value = random.chance(0.6) ? withChangedParams(value, random) : mutateStructure(value, random);
  }
  return JSON.stringify(value);
}

/** The same message with an envelope that still holds, so that the change gets further than the first checks. */
function withChangedParams(message: unknown, random: Random): unknown {
  const { params, ...rest } = Object(message) as { readonly params?: { readonly _meta?: unknown } };
  const { _meta, ...own } = Object(params) as { readonly _meta?: unknown };
  const changed = mutateStructure(own, random);
  return { ...rest, params: { ...Object(changed), ...(_meta !== undefined && { _meta }) } };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
