import { PART_KINDS } from './add/part.ts';
import { CHANGE_KINDS } from './client/change.ts';
import type { CommandNode } from './command-node.ts';
import { JSON_FLAG, parseUrl } from './common-options.ts';

/** Commands beside the running server: change its code, look into it, speak in its name. */
export const PROJECT: readonly CommandNode[] = [
  {
    name: 'publish',
    summary: 'tell subscribers about a change, from outside of the server',
    arguments: [
      ['<what>', 'what has changed: one resource, or a list', CHANGE_KINDS],
      ['[uri]', 'of the resource'],
    ],
    options: [
      {
        flags: '--server <url>',
        description: "the server's public URL (default: ASGARD_URL, or the running asgard dev)",
      },
      JSON_FLAG,
    ],
    run: async (words, flags, io) => {
      const { publish } = await import('./commands/publish.ts');
      return publish(words, flags as never, io);
    },
  },
  {
    name: 'inspect',
    summary: 'open the MCP Inspector on the server (Node 22 or later)',
    options: [{ flags: '--url <url>', description: 'MCP endpoint (default: the running asgard dev)', parse: parseUrl }],
    run: async (_, flags, io) => {
      const { inspect } = await import('./commands/inspect.ts');
      return inspect(flags as never, io);
    },
  },
  {
    name: 'add',
    summary: 'write a tool, a resource or a prompt with its test, and register it',
    arguments: [
      ['<what>', 'what to add', PART_KINDS],
      ['<name>', 'its name: small letters, digits and dashes'],
    ],
    options: [JSON_FLAG],
    run: async (words, flags, io) => {
      const { add } = await import('./commands/add.ts');
      return add(words, flags as never, io);
    },
  },
];
