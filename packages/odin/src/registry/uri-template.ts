import { OdinError } from '../errors.ts';
import { type Pairs, type Piece, parseTemplate, type Variable } from './template-pieces.ts';

/** Matches requested URIs against one RFC 6570 template. */
export interface UriMatcher {
  /** The variables, percent-decoded; undefined when the URI is none of this template's. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

/**
 * A longer URI matches no template, so that what one costs is bounded: it grows with the length for templates of one
 * variable, and with its square for others. Characters.
 */
const MAX_URI = { ofOne: 65_536, ofMany: 4_096 };

/** Braces are in no URI, so they make it a template. */
export function isUriTemplate(uri: string): boolean {
  return /[{}]/.test(uri);
}

/**
 * Reads URIs backwards: what would the variables have to be for the template to expand to this URI? All of RFC 6570,
 * levels 1 to 4. Variables of `{a}`, `{+a}`, `{/a}` and `{.a}` have to be there; those of `{?a}`, `{&a}` and `{;a}`,
 * in any order, and of `{#a}` may be left out. Several values of `{a*}` come as one text, as they stand in the URI;
 * those of `{?a*}` with commas between.
 *
 * @throws OdinError `bad_option` when the template cannot be parsed
 */
export function createUriMatcher(template: string): UriMatcher {
  const pieces = parseTemplate(template);
  if (!pieces) {
    throw new OdinError('bad_option', `Resource ${JSON.stringify(template)}: not a URI template of RFC 6570.`);
  }
  const isOfMany = pieces.filter(({ kind }) => kind === 'variable').length > 1;
  const limit = isOfMany ? MAX_URI.ofMany : MAX_URI.ofOne;
  return { match: (uri) => (uri.length > limit ? undefined : valuesOf(pieces, uri)) };
}

type Values = readonly (readonly [name: string, value: string])[];

function valuesOf(pieces: readonly Piece[], uri: string): Record<string, string> | undefined {
  // What was tried in vain once is not tried again: time grows with the square of the length at most.
  const failed = new Set<number>();
  const values = walk(0, 0);
  return values && Object.fromEntries(values);

  function walk(index: number, at: number): Values | undefined {
    const piece = pieces[index];
    if (!piece) return at === uri.length ? [] : undefined;
    const key = index * (uri.length + 1) + at;
    if (failed.has(key)) return undefined;
    const found = step(piece, index, at);
    if (!found) failed.add(key);
    return found;
  }

  function step(piece: Piece, index: number, at: number): Values | undefined {
    switch (piece.kind) {
      case 'literal':
        return uri.startsWith(piece.text, at) ? walk(index + 1, at + piece.text.length) : undefined;
      case 'variable':
        return stepOver(piece, index, at);
      case 'fragment':
        return uri[at] === '#'
          ? join(oneValue(piece.name, uri.slice(at + 1)), walk(index + 1, uri.length))
          : walk(index + 1, at);
      case 'pairs':
        return stepOverPairs(piece, index, at);
    }
  }

  /** The longest value first. */
  function stepOver(variable: Variable, index: number, at: number): Values | undefined {
    let end = at;
    while (end < uri.length && !variable.except.includes(uri.charAt(end))) end += 1;
    for (; end > at; end -= 1) {
      const rest = walk(index + 1, end);
      const found = rest && join(oneValue(variable.name, uri.slice(at, end), variable.longest), rest);
      if (found) return found;
    }
    return undefined;
  }

  function stepOverPairs({ first, between, end, variables }: Pairs, index: number, at: number): Values | undefined {
    if (uri[at] !== first) return walk(index + 1, at);
    let stop = at + 1;
    while (stop < uri.length && !end.includes(uri.charAt(stop))) stop += 1;
    const given = new Map<string, string[]>();
    for (const pair of uri.slice(at + 1, stop).split(between)) {
      const [name = '', ...value] = pair.split('=');
      const known = given.get(name);
      if (known) known.push(value.join('='));
      else given.set(name, [value.join('=')]);
    }
    let found = walk(index + 1, stop);
    for (const [name, all] of given) {
      const variable = variables.get(name);
      if (!variable || (all.length > 1 && !variable.exploded)) return undefined;
      found = join(oneValue(name, all.join(','), variable.longest), found);
    }
    return found;
  }
}

/** A value with broken percent-encoding names no resource. */
function oneValue(name: string, encoded: string, longest = Number.POSITIVE_INFINITY): Values | undefined {
  const value = decoded(encoded);
  return value === undefined || [...value].length > longest ? undefined : [[name, value]];
}

function join(first: Values | undefined, rest: Values | undefined): Values | undefined {
  return first && rest && [...first, ...rest];
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
