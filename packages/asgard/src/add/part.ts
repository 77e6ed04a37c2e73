import { AsgardError } from '../errors.ts';

/** What can be added to a server. */
export const PART_KINDS = ['tool', 'resource', 'prompt'] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** A part of a server and the names that its files need. */
export interface Part {
  readonly kind: PartKind;
  /** As clients see it. */
  readonly name: string;
  /** The exported constant, such as `forgeAxeTool`. */
  readonly constant: string;
  /** Relative to the project, with forward slashes. */
  readonly sourceFile: string;
  readonly testFile: string;
}

/** @throws AsgardError `usage` */
export function parsePart(kind: string, name: string): Part {
  const known = PART_KINDS.find((candidate) => candidate === kind);
  if (known === undefined) {
    throw new AsgardError('usage', `"${kind}" cannot be added. Add one of: ${PART_KINDS.join(', ')}.`);
  }
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    throw new AsgardError(
      'usage',
      `"${name}" is no name for a ${known}: use small letters, digits and single dashes, starting with a letter.`,
    );
  }
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    kind: known,
    name,
    constant: `${camel}${known.charAt(0).toUpperCase()}${known.slice(1)}`,
    sourceFile: `src/${known}s/${name}.ts`,
    testFile: `test/${known}s/${name}.test.ts`,
  };
}
