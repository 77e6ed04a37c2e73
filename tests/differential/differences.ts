import type { Answer } from './answer.ts';
import { type Forgiveness, forgive } from './forgive.ts';

/**
 * An intended difference. Every case that it names must differ, and only in this way: either the outcomes are these two,
 * or the answers are the same once what is forgiven is left out.
 */
export type Difference = { readonly reason: string; readonly cases: readonly RegExp[] } & (
  | { readonly oracle: string; readonly odin: string }
  | { readonly forgiven: Forgiveness }
);

const LISTS = '(tools|resources|resources/templates|prompts)/list';

export const DIFFERENCES: readonly Difference[] = [
  {
    reason:
      'Params that break the schema of a method are -32602 (JSON-RPC 2.0, 5.1), not an internal error with the text of a validator.',
    cases: [
      new RegExp(`^(legacy )?${LISTS} with (a null cursor|a number as cursor|an object as cursor)$`),
      /^(legacy )?read (undefined|null|5|\["note:\/\/today"\]|\{\})$/,
      /^(legacy )?prompt with (a number as argument|a null argument|null arguments|array arguments|no name|a number as name)$/,
      /^(legacy )?complete with (no ref|a ref of another type|a text as ref|a ref without name|no argument|a number as value|no value|no params)$/,
      /^initialize with (a number as version|no version|no capabilities|no client info|client info without version|no params)/,
      /^legacy method "initialize"$/,
    ],
    oracle: '200 -32603',
    odin: '200 -32602',
  },
  {
    reason: 'Of the context of a completion, what is no text is left out: it is only a hint.',
    cases: [/^(legacy )?complete with a (context of numbers|null context)$/],
    oracle: '200 -32603',
    odin: '200 result',
  },
  {
    reason:
      'Lists have pages, and a cursor that no page gave out is refused (server/utilities/pagination, "Error Handling").',
    cases: [new RegExp(`^${LISTS} with the cursor "[^"]`)],
    oracle: '200 result',
    odin: '200 -32602',
  },
  {
    reason: 'A tool without an input schema takes no arguments, so a misspelt one is not lost in silence.',
    cases: [/^(legacy )?call hello #1$/],
    oracle: '200 result',
    odin: '200 tool-error',
  },
  {
    reason: 'That such a tool takes no arguments is said in its listed schema.',
    cases: [
      /^(legacy )?tools\/list with (no cursor|an unknown member)$/,
      /^tools\/list with the cursor ""$/,
      /^legacy (tools\/list without params|params undefined)$/,
      /^tools\/list under an Mcp-Name/,
    ],
    forgiven: forgive.closedEmptySchemas,
  },
  {
    reason: 'Errors that nobody wrote for the client are masked; their text goes to the log beside the reference.',
    cases: [/^(legacy )?call (add #3|crashing #0|unfit #0)$/],
    forgiven: forgive.maskedErrors,
  },
  {
    reason: 'So are those of methods that extensions bring.',
    cases: [/^extension that fails$/],
    forgiven: forgive.errorTexts,
  },
  {
    reason: 'Problems of several arguments are told apart by semicolons, since their texts contain commas.',
    cases: [/^(legacy )?call typed #15$/],
    forgiven: forgive.separators,
  },
  {
    reason: 'Names that are members of every object are unknown like any other, not "disabled".',
    cases: [/^(legacy )?(call with name (of an object member|__proto__)|prompt with name of an object member)$/],
    forgiven: forgive.errorTexts,
  },
  {
    reason:
      'Logs go to requests that ask for a level. Older eras ask once for a session, which an answer without one cannot know.',
    cases: [/^legacy call logs #0$/],
    oracle: '200 notifications/message notifications/message notifications/message result',
    odin: '200 result',
  },
  {
    reason: 'So the level of a session cannot be set where there is none,',
    cases: [/^set level (debug|emergency)$/],
    oracle: '200 result',
    odin: '200 -32601',
  },
  {
    reason: 'whatever it is,',
    cases: [/^set level (loud|5)$/, /^legacy method "logging\/setLevel"$/],
    oracle: '200 -32603',
    odin: '200 -32601',
  },
  {
    reason: 'and neither logs nor changes are promised to older eras without one.',
    cases: [
      /^initialize with (\d{4}-\d\d-\d\d|a future version|an empty version|rich capabilities)( under a version header)?$/,
    ],
    forgiven: forgive.capabilities,
  },
  {
    reason:
      'Variables of a template are percent-decoded (RFC 6570 section 2.3), and the URI is answered as it was asked for.',
    cases: [/^(legacy )?read "note:\/\/(a%20b|%F0%9F%8C%8D|grüße)"$/],
    forgiven: forgive.percentEncoding,
  },
  {
    reason: 'What is no percent-encoding names no resource.',
    cases: [/^(legacy )?read "note:\/\/%"$/],
    oracle: '200 result',
    odin: '200 -32602',
  },
  {
    reason: 'URIs are compared as they are listed, also where a parser would take two for the same.',
    cases: [/^(legacy )?read "NOTE:\/\/today"$/],
    oracle: '200 result',
    odin: '200 -32602',
  },
  {
    reason: 'The number of completions is also said when it is 0.',
    cases: [
      /^(legacy )?complete with (an argument without completions|an unknown argument|a prompt without arguments|an unknown variable|a plain resource)$/,
    ],
    forgiven: forgive.totalOfNone,
  },
  {
    reason:
      'What a client accepts is not asked: simple clients and probes send no Accept or a broad one, and every answer has its content type.',
    cases: [/^legacy accept (?!"application\/json;q)/],
    oracle: '406 -32000',
    odin: '200 result',
  },
  {
    reason: 'A message that is refused gets its own id back if it has one (JSON-RPC 2.0, 5).',
    cases: [
      /^(legacy )?message with (no method|a number as method|a null method)$/,
      /^(legacy )?body of a broken error response$/,
    ],
    forgiven: forgive.ids,
  },
  {
    reason: 'Batches are refused as such,',
    cases: [/^body of a batch of (one|two|notifications)$/],
    oracle: '400 -32000',
    odin: '400 -32600',
  },
  {
    reason: 'in every era: only 2025-03-26 had them, and no known client of it sends any.',
    cases: [/^legacy body of a batch of one$/],
    oracle: '200 result',
    odin: '400 -32600',
  },
  {
    reason: 'As above, with two answers.',
    cases: [/^legacy body of a batch of two$/],
    oracle: '200 result result',
    odin: '400 -32600',
  },
  {
    reason: 'As above, with none.',
    cases: [/^legacy body of a batch of notifications$/],
    oracle: '202',
    odin: '400 -32600',
  },
  {
    reason: 'The same refusals in other words.',
    cases: [
      /^listen to \{"(toolsListChanged":"yes|resourceSubscriptions":"note|resourceSubscriptions":\[5)/,
      /^POST without a body$/,
      /^(legacy )?body of (nothing|a space|half an object|a trailing comma|single quotes|two messages|NaN)$/,
      /^(legacy )?call with (null|array|text|number) arguments$/,
      /^(legacy )?call with (no|number|null|array) name$/,
      /^legacy call params undefined$/,
      /^(legacy )?read "(no uri)?"$/,
      /^mirrored: (another text|another text in Base64|an integer in exponent form|another integer|another boolean|a boolean in capitals|a boolean as number|one of three wrong)$/,
      /^call under no (MCP-Protocol-Version|version and no method|Mcp header at all)$/,
      /^a modern request under headers of an older era$/,
      /^(a|legacy) body over 4 MiB$/,
    ],
    forgiven: forgive.errorTexts,
  },
];

/** The status and the kinds of the messages: what an answer comes to. */
export function outcomeOf({ status, messages }: Answer): string {
  return [status, ...messages.map(kindOf)].join(' ');
}

function kindOf(message: unknown): string {
  const { method, error, result } = Object(message) as {
    readonly method?: string;
    readonly error?: { readonly code: number };
    readonly result?: { readonly isError?: boolean };
  };
  if (error) return String(error.code);
  if (result) return result.isError === true ? 'tool-error' : 'result';
  return method ?? 'text';
}
