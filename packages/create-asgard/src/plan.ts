import type { Answers } from './answers.ts';
import type { Template } from './template.ts';

export interface PlannedFile {
  /** Relative to the project folder, with forward slashes. */
  readonly path: string;
  readonly content: Uint8Array;
}

export interface PlanOptions {
  readonly answers: Pick<Answers, 'name' | 'agents'>;
  /** Version of create-asgard, written into asgard.json. */
  readonly version: string;
}

/** Every file of the new project. Reads and writes nothing. */
export function planProject(template: Template, { answers, version }: PlanOptions): PlannedFile[] {
  const files = template.files
    .filter((file) => answers.agents || file.path !== 'AGENTS.md')
    .map(({ path, content }) => {
      const renamed = rename(content, template.packageName, answers.name);
      return { path: projectPath(path), content: path === 'package.json' ? allowScripts(renamed) : renamed };
    });
  const origin = { template: template.name, templateVersion: template.version, cliVersion: version };
  files.push({ path: 'asgard.json', content: encode(`${JSON.stringify(origin, undefined, 2)}\n`) });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** npm leaves `.gitignore` and `.npmrc` out of a package, so names that start with a dot are stored with `_` for it. */
function projectPath(stored: string): string {
  return stored.replace(/(^|\/)_/g, '$1.');
}

function rename(content: Uint8Array, from: string, to: string): Uint8Array {
  const text = new TextDecoder().decode(content);
  return text.includes(from) ? encode(text.replaceAll(from, to)) : content;
}

/** Of the packages that a project stands on; npm 11 asks about each install script that nobody has allowed. */
const SCRIPTS = { esbuild: true, zeromq: true };

/** Not in the template itself: npm allows scripts in the root of a workspace only. */
function allowScripts(manifest: Uint8Array): Uint8Array {
  const fields = JSON.parse(new TextDecoder().decode(manifest)) as Record<string, unknown>;
  return encode(`${JSON.stringify({ ...fields, allowScripts: SCRIPTS }, undefined, 2)}\n`);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
