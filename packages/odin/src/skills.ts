import { fromJsonSchema } from '@modelcontextprotocol/server';
import { type Skill, SkillCatalogError, SkillsExtension } from '@modelcontextprotocol/server/ext/skills';
import type { CacheHint } from './define/common.ts';
import { type Access, defineExtension, defineMethod, type ExtensionDefinition } from './define/extension.ts';
import { defineResource, type ResourceDefinition } from './define/resource.ts';
import { OdinError } from './errors.ts';
import { type SkillFiles, SkillLibrary } from './skills/library.ts';

export type { SkillFiles } from './skills/library.ts';

/** Options of {@link loadSkills}. Who lacks a scope, role or organization gets 403 and does not see the skills. */
export interface SkillsOptions extends Access {
  /** Folders before each skill's own: `acme` serves `skill://acme/<skill>/…`. @default none */
  readonly prefix?: string;
  /** How long, and for whom, a client may keep what it got. @default { ttlMs: 0, scope: 'private' } */
  readonly cache?: CacheHint;
  /** Entries of one page. @default 100 */
  readonly pageSize?: number;
}

const text = { type: 'string' };
const PAGE = fromJsonSchema<{ cursor?: string }>({ type: 'object', properties: { cursor: text } });
const ONE = fromJsonSchema<{ uri: string }>({ type: 'object', properties: { uri: text }, required: ['uri'] });
const FOLDER = fromJsonSchema<{ uri: string; cursor?: string }>({
  type: 'object',
  properties: { uri: text, cursor: text },
  required: ['uri'],
});

/**
 * Reads a folder of skills once and makes the extension that serves them: `odin.register(await loadSkills('./skills'))`.
 * Each folder with a `SKILL.md` is a skill; what else lies in it is read by clients on demand.
 *
 * @param from a folder's path (needs Node), or files from elsewhere
 * @throws OdinError `bad_option` naming each file that is wrong
 * @see SEP-2640, the skills extension `io.modelcontextprotocol/skills`
 */
export async function loadSkills(from: string | SkillFiles, options: SkillsOptions = {}): Promise<ExtensionDefinition> {
  const { prefix, pageSize = 100, cache = { ttlMs: 0, scope: 'private' }, scopes, roles, organization } = options;
  if (!(Number.isInteger(pageSize) && pageSize > 0))
    throw new OdinError('bad_option', `loadSkills, option pageSize: must be a whole number above 0, not ${pageSize}.`);
  const access: Access = {
    ...(scopes && { scopes }),
    ...(roles && { roles }),
    ...(organization !== undefined && { organization }),
  };
  const source = typeof from === 'string' ? await openFolder(from) : from;
  const skills = await publish(source, prefix, typeof from === 'string' ? from : 'the skills');
  const base = baseOf(skills, prefix);
  const library = new SkillLibrary(skills, { source, base, pageSize });
  return defineExtension({
    id: 'io.modelcontextprotocol/skills',
    settings: { directoryRead: true },
    methods: {
      'skills/list': defineMethod({ ...access, cache, params: PAGE }, (params) => library.list(params.cursor)),
      'skills/get': defineMethod({ ...access, cache, params: ONE }, ({ uri }) => library.get(uri)),
      'resources/directory/read': defineMethod({ ...access, cache, params: FOLDER }, (params) =>
        library.readDirectory(params.uri, params.cursor),
      ),
    },
    definitions: [
      ...skills.map((skill) => manifest(skill, library, { ...access, cache })),
      defineResource(
        `${base}{+path}`,
        {
          ...access,
          cache,
          name: 'skill-files',
          description: 'Files of the skills, by the URIs that skills/list gives.',
        },
        ({ uri }) => library.read(uri),
      ),
    ],
  });
}

function manifest(skill: Skill, library: SkillLibrary, options: Access & { cache: CacheHint }): ResourceDefinition {
  const { name, description } = skill.frontmatter;
  return defineResource(skill.uri, { ...options, name, description, mimeType: 'text/markdown' }, ({ uri }) =>
    library.read(uri),
  );
}

/** What all URIs have before the skill's own path, as they are encoded. */
function baseOf([first]: readonly Skill[], prefix: string | undefined): string {
  if (prefix === undefined || !first) return 'skill://';
  return `${first.uri.split('/', 2 + prefix.split('/').length).join('/')}/`;
}

async function openFolder(path: string): Promise<SkillFiles> {
  const { nodeSkillFiles } = await import('@modelcontextprotocol/server/ext/skills/node');
  return nodeSkillFiles(path);
}

async function publish(source: SkillFiles, prefix: string | undefined, where: string): Promise<readonly Skill[]> {
  try {
    const catalog = await SkillsExtension.load(source, { strict: true, ...(prefix !== undefined && { prefix }) });
    return catalog.entries;
  } catch (cause) {
    const problems = cause instanceof SkillCatalogError ? cause.problems : [];
    const lines = problems.map(({ path, message }) => `${path}: ${message}`);
    throw new OdinError('bad_option', `loadSkills: ${where} cannot be served. ${lines.join('; ') || String(cause)}`, {
      cause,
    });
  }
}
