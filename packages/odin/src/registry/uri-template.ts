import { UriTemplate } from '@modelcontextprotocol/server';
import { OdinError } from '../errors.ts';

/** Matches requested URIs against one RFC 6570 template. */
export interface UriMatcher {
  /** The variables, percent-decoded; undefined when the URI is none of this template's. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

export function isUriTemplate(uri: string): boolean {
  return UriTemplate.isTemplate(uri);
}

/** @throws OdinError `bad_option` when the template cannot be parsed */
export function createUriMatcher(template: string): UriMatcher {
  const parsed = parse(template);
  return {
    match: (uri) => {
      const found = parsed.match(uri);
      return found ? decodeAll(found) : undefined;
    },
  };
}

function parse(template: string): UriTemplate {
  try {
    return new UriTemplate(template);
  } catch (cause) {
    throw new OdinError('bad_option', `Resource ${JSON.stringify(template)}: not a URI template of RFC 6570.`, {
      cause,
    });
  }
}

/** A value with broken percent-encoding names no resource. */
function decodeAll(variables: Readonly<Record<string, string | string[]>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        decodeURIComponent(Array.isArray(value) ? value.join(',') : value),
      ]),
    );
  } catch {
    return undefined;
  }
}
