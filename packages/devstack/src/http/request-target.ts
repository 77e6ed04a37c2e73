/** Path and query of a request line, with dot segments resolved so that no route can be reached under another's name. */
export interface RequestTarget {
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
}

/** Reads origin-form and absolute-form (RFC 9112 section 3.2); undefined for anything else. */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  const absolute = target.startsWith('/') ? `http://gateway${target}` : target;
  if (!/^https?:\/\//i.test(absolute) || !URL.canParse(absolute)) return undefined;
  const { pathname, search } = new URL(absolute);
  return { path: pathname, search };
}
