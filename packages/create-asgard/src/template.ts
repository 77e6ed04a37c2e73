import { join } from 'node:path';
import { closest } from './closest.ts';
import { CreateError } from './errors.ts';
import type { Files, Io } from './io.ts';

export interface TemplateSummary {
  readonly name: string;
  readonly description: string;
  readonly version: string;
}

export interface Template extends TemplateSummary {
  /** Name in the template's package.json, to be replaced by the project's. */
  readonly packageName: string;
  readonly files: readonly TemplateFile[];
}

export interface TemplateFile {
  /** Relative, with forward slashes, as stored in the package. */
  readonly path: string;
  readonly content: Uint8Array;
}

export const DEFAULT_TEMPLATE = 'decorators';

/** The templates in the package; the default one comes first. */
export async function listTemplates(io: Io): Promise<TemplateSummary[]> {
  const names = await io.files.list(io.templatesDirectory);
  const summaries = await Promise.all(
    names.map(async (name) => {
      const manifest = await readManifest(io, name);
      return { name, description: manifest.description, version: manifest.version };
    }),
  );
  return summaries.sort((a, b) => Number(b.name === DEFAULT_TEMPLATE) - Number(a.name === DEFAULT_TEMPLATE));
}

/** @throws CreateError `template_unknown`, with the nearest name and the list. */
export function requireTemplate(name: string, templates: readonly TemplateSummary[]): void {
  const names = templates.map((template) => template.name);
  if (names.includes(name)) return;
  const near = closest(name, names);
  throw new CreateError(
    'template_unknown',
    `There is no template "${name}".${near === undefined ? '' : ` Did you mean ${near}?`} Templates: ${names.join(', ')}.`,
  );
}

export async function readTemplate(io: Io, name: string): Promise<Template> {
  const manifest = await readManifest(io, name);
  const folder = join(io.templatesDirectory, name);
  const files: TemplateFile[] = [];
  for await (const path of walk(io.files, folder, '')) {
    files.push({ path, content: await io.files.read(join(folder, path)) });
  }
  return {
    name,
    description: manifest.description,
    version: manifest.version,
    packageName: manifest.name,
    files,
  };
}

async function* walk(files: Files, root: string, prefix: string): AsyncGenerator<string> {
  for (const name of await files.list(join(root, prefix))) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if ((await files.kind(join(root, path))) === 'folder') yield* walk(files, root, path);
    else yield path;
  }
}

async function readManifest(io: Io, name: string): Promise<{ name: string; version: string; description: string }> {
  const text = new TextDecoder().decode(await io.files.read(join(io.templatesDirectory, name, 'package.json')));
  const manifest = JSON.parse(text) as Record<string, unknown>;
  const field = (key: string): string => (typeof manifest[key] === 'string' ? manifest[key] : '');
  return { name: field('name'), version: field('version'), description: field('description') };
}
