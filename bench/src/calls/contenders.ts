/** One server, started one way and asked one thing. */
export interface Contender {
  readonly name: string;
  /** Name of its file in `servers/`. */
  readonly server: string;
  readonly tools: number;
  readonly auth?: boolean;
  /** A token is sent, and nobody asks for it: what its bytes cost by themselves. */
  readonly ignoredToken?: boolean;
  /** It makes the digest that tells a known token from any other, and does nothing with it. */
  readonly digest?: boolean;
  /** Its schemas are made once, not per request. */
  readonly hoisted?: boolean;
  readonly what: 'call' | 'list';
  /** It knows only revisions before 2026-07-28. */
  readonly legacy?: boolean;
  /** Left out with a line when it does not start. */
  readonly optional?: boolean;
}

export const BARE: Contender = { name: 'bare node:http', server: 'bare', tools: 1, what: 'call' };
/** What anybody pays for the bytes of a token. */
export const BARE_TOKEN: Contender = { ...BARE, name: 'bare node:http, token sent', ignoredToken: true };
/** What anybody pays who wants to know a token again without keeping it. */
export const BARE_DIGEST: Contender = { ...BARE_TOKEN, name: 'bare node:http, digest of the token', digest: true };

const odin = (tools: number, more: Partial<Contender> = {}): Contender => ({
  name: `odin, ${tools} ${tools === 1 ? 'tool' : 'tools'}${more.auth ? ', token' : ''}, tools/${more.what ?? 'call'}`,
  server: 'odin',
  tools,
  what: 'call',
  ...more,
});
const sdk = (tools: number, what: 'call' | 'list' = 'call'): Contender => ({
  name: `sdk v2, ${tools} ${tools === 1 ? 'tool' : 'tools'}, tools/${what}`,
  server: 'sdk',
  tools,
  what,
});

export const ODIN_1: Contender = odin(1);
export const ODIN_20: Contender = odin(20);
export const ODIN_100: Contender = odin(100);
export const ODIN_20_TOKEN: Contender = odin(20, { auth: true });
export const ODIN_20_IGNORED: Contender = {
  ...ODIN_20,
  name: 'odin, 20 tools, token not asked for, tools/call',
  ignoredToken: true,
};
export const ODIN_100_LIST: Contender = odin(100, { what: 'list' });
export const SDK_20: Contender = sdk(20);
export const SDK_100_LIST: Contender = sdk(100, 'list');

/** In the order in which a round goes; those that are compared closely stand side by side. */
export const CONTENDERS: readonly Contender[] = [
  BARE,
  ODIN_1,
  ODIN_100,
  ODIN_20,
  ODIN_20_TOKEN,
  ODIN_20_IGNORED,
  odin(1, { auth: true }),
  odin(100, { auth: true }),
  odin(20, { what: 'list' }),
  ODIN_100_LIST,
  sdk(1),
  SDK_20,
  { ...SDK_20, name: 'sdk v2, 20 tools, schemas hoisted, tools/call', hoisted: true },
  sdk(100),
  SDK_100_LIST,
  { name: 'tmcp, 20 tools, tools/call', server: 'tmcp', tools: 20, what: 'call', optional: true },
  { name: 'fastmcp, 20 tools, tools/call', server: 'fastmcp', tools: 20, what: 'call', legacy: true, optional: true },
  { name: 'mcp-use, 20 tools, tools/call', server: 'mcp-use', tools: 20, what: 'call', legacy: true, optional: true },
];
