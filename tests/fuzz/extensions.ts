import { defineExtension, defineMethod, type ExtensionDefinition } from '@asgard/odin';
import { loadSkills } from '@asgard/odin/skills';
import { memorySkillFiles } from '@modelcontextprotocol/server/ext/skills';
import * as z from 'zod';
import { type Case, legacy, modern } from '../differential/request.ts';

const STRICT = 'com.example/strict';
const shape = z.object({ rows: z.array(z.number()).max(5), title: z.string().optional() });

/** Extensions whose methods check, ask, throw and last; the skills of SEP-2640 among them. */
export async function createExtensions(bomb: () => never): Promise<readonly ExtensionDefinition[]> {
  const loose = defineExtension({
    id: 'com.example/loose',
    methods: {
      'loose/echo': defineMethod({}, (params) => params),
      'loose/shape': defineMethod({ params: shape }, ({ rows }) => ({ sum: rows.reduce((a, b) => a + b, 0) })),
      'loose/throws': defineMethod({}, bomb),
      'loose/text': defineMethod({}, () => 'text' as never),
      'loose/ask': defineMethod({}, async (params, context) => {
        const answer = await context.elicit('sure', { message: 'Sure?', schema: z.object({ why: z.string() }) });
        return { params, answer: answer.action };
      }),
      'loose/never': defineMethod({}, () => new Promise(() => {})),
    },
  });
  const strict = defineExtension({
    id: STRICT,
    requiresClient: true,
    methods: { 'strict/go': defineMethod({ params: shape }, () => ({ gone: true })) },
  });
  const files = { 'mead/SKILL.md': '---\nname: mead\ndescription: Of mead\n---\n', 'mead/a/b#c.md': 'honey' };
  return [loose, strict, await loadSkills(memorySkillFiles(files), { pageSize: 1 })];
}

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const declaring = { meta: { [CAPABILITIES]: { elicitation: {}, extensions: { [STRICT]: {} } } } };
const answered = { inputResponses: { sure: { action: 'accept', content: { why: 'x' } } }, requestState: 'o1.AAAA' };

/** Requests to them that are right, to be changed. */
export const EXTENSION_SEEDS: readonly Case[] = [
  modern('echo', 'loose/echo', { a: { b: [1] } }),
  modern('shape', 'loose/shape', { rows: [1, 2], title: 'x' }),
  modern('throws', 'loose/throws', {}, { meta: { progressToken: 1 } }),
  modern('text', 'loose/text'),
  modern('ask', 'loose/ask', { amount: 1 }, declaring),
  modern('answer', 'loose/ask', { amount: 1, ...answered }, declaring),
  modern('never', 'loose/never'),
  modern('undeclared', 'strict/go', { rows: [] }),
  modern('declared', 'strict/go', { rows: [] }, declaring),
  legacy('legacy echo', 'loose/echo', { a: 1 }),
  legacy('legacy ask', 'loose/ask', {}),
  legacy('legacy strict', 'strict/go', { rows: [] }),
  modern('skills', 'skills/list'),
  modern('more skills', 'skills/list', { cursor: 'c2tpbGw6Ly9tZWFk' }),
  modern('skill', 'skills/get', { uri: 'skill://mead/SKILL.md' }),
  modern('folder', 'resources/directory/read', { uri: 'skill://mead/a' }),
  modern('manifest', 'resources/read', { uri: 'skill://mead/SKILL.md' }),
  modern('file', 'resources/read', { uri: 'skill://mead/a/b%23c.md' }),
  modern('no file', 'resources/read', { uri: 'skill://mead/../../etc/passwd' }),
  legacy('legacy skills', 'skills/list', {}),
];
