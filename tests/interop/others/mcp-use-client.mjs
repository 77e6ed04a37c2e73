/** Walks an MCP server with mcp-use's client and prints what it saw as one line of JSON: URL. */
import { setTimeout as wait } from 'node:timers/promises';
import { MCPClient } from 'mcp-use/client';

const heard = [];
let changed = 0;
const client = new MCPClient(
  { mcpServers: { odin: { url: process.argv[2] } } },
  {
    onElicitation: async () => ({ action: 'accept', content: { name: 'Frigg' } }),
    onNotification: ({ method }) => {
      if (method === 'notifications/tools/list_changed') changed += 1;
    },
  },
);
const session = await client.createSession('odin');
const call = (name, args = {}, options = {}) => session.callTool(name, args, options);
const calls = async () => JSON.parse((await session.readResource('state://calls')).contents[0].text);

async function until(holds) {
  for (let n = 0; n < 100 && !(await holds()); n++) await wait(50);
}

const counted = await call('count', { to: 3 }, { onprogress: ({ progress }) => heard.push(progress) });
const seen = {
  tools: (await session.listTools()).map(({ name }) => name),
  sum: (await call('add', { a: 2, b: 3 })).structuredContent,
  counted: counted.content[0].text,
  heard,
  greeting: (await call('greet')).content[0].text,
  note: (await session.readResource('note://7')).contents[0].text,
  prompt: (await session.getPrompt('explain', { topic: 'holds' })).messages[0].content.text,
};
await call('grow');
await until(() => changed > 0);
const abort = new AbortController();
const sleeping = call('sleep', {}, { signal: abort.signal }).catch(() => {});
await until(async () => (await calls()).started > 0);
abort.abort();
await sleeping;
await until(async () => (await calls()).aborted > 0);
process.stdout.write(`${JSON.stringify({ ...seen, changed: changed > 0, calls: await calls() })}\n`);
await client.closeAllSessions();
process.exit(0);
