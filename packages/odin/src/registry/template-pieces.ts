/** A part of a URI template that is matched by itself. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | Variable
  | Pairs
  /** `{#name}`: the rest of the URI. */
  | { readonly kind: 'fragment'; readonly name: string };

/** One value that has to be there. */
export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  /** Characters that end it. */
  readonly except: string;
  /** Of `{name:3}`, in characters. */
  readonly longest?: number;
}

/** `{?…}`, `{&…}` or `{;…}`: values by name, in any order. */
export interface Pairs {
  readonly kind: 'pairs';
  readonly first: string;
  readonly between: string;
  /** Characters that end all of them. */
  readonly end: string;
  readonly variables: ReadonlyMap<string, { readonly exploded: boolean; readonly longest?: number }>;
}

interface Spec {
  readonly name: string;
  readonly exploded: boolean;
  readonly longest?: number;
}

/** RFC 6570 section 2.2 to 2.4. */
const EXPRESSION = /^([+#./;?&]?)([^{}]+)$/;
const SPEC = /^((?:\w|%[0-9A-Fa-f]{2})(?:\.?(?:\w|%[0-9A-Fa-f]{2}))*)(?:(\*)|:([1-9]\d{0,3}))?$/;

/** undefined for what is no template of RFC 6570, or has a variable twice. */
export function parseTemplate(template: string): readonly Piece[] | undefined {
  const parts = template.split(/\{([^{}]*)\}/);
  const pieces: Piece[] = [];
  for (const [at, part] of parts.entries()) {
    const isLiteral = at % 2 === 0;
    if (isLiteral && /[{}]/.test(part)) return undefined;
    const parsed = isLiteral ? literal(part) : parseExpression(part, parts.slice(at + 1).join('{'));
    if (!parsed) return undefined;
    pieces.push(...parsed);
  }
  const names = pieces.flatMap(namesIn);
  return new Set(names).size === names.length ? pieces : undefined;
}

function namesIn(piece: Piece): readonly string[] {
  if (piece.kind === 'literal') return [];
  return piece.kind === 'pairs' ? [...piece.variables.keys()] : [piece.name];
}

function parseExpression(text: string, rest: string): readonly Piece[] | undefined {
  const [, operator = '', list = ''] = EXPRESSION.exec(text) ?? [];
  const specs = list.split(',').map(parseSpec);
  if (!specs.every((spec) => spec !== undefined)) return undefined;
  switch (operator) {
    case '?':
      return [pairs(specs, { first: '?', between: '&', end: '#' })];
    case '&':
      return [pairs(specs, { first: '&', between: '&', end: '#' })];
    case ';':
      return [pairs(specs, { first: ';', between: ';', end: '/?#' })];
    case '#':
      return specs.length === 1 && specs[0] ? [{ kind: 'fragment', name: specs[0].name }] : undefined;
    case '+':
      return listed(specs, { before: '', between: ',', except: endsIn(rest) });
    case '/':
      return listed(specs, { before: '/', between: '/', except: '/?#,' });
    case '.':
      return listed(specs, { before: '.', between: '.', except: '/?#,' });
    default:
      return listed(specs, { before: '', between: ',', except: '/?#,' });
  }
}

function parseSpec(text: string): Spec | undefined {
  const [, name, star, longest] = SPEC.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { name, exploded: star !== undefined, ...(longest !== undefined && { longest: Number(longest) }) };
}

/** `{+a}` may be anything, but leaves a query or a fragment that the template has behind it to that. */
function endsIn(rest: string): string {
  const query = /^[^?#]*\?/.test(rest) ? '?' : '';
  return rest.includes('#') ? `${query}#` : query;
}

function listed(
  specs: readonly Spec[],
  { before, between, except }: { before: string; between: string; except: string },
): readonly Piece[] {
  return specs.flatMap(({ name, exploded, longest }, at): Piece[] => {
    const own = exploded ? except.replace(between, '') : specs.length > 1 ? `${except}${between}` : except;
    return [
      ...literal(at === 0 ? before : between),
      { kind: 'variable', name, except: own, ...(longest !== undefined && { longest }) },
    ];
  });
}

function literal(text: string): Piece[] {
  return text === '' ? [] : [{ kind: 'literal', text }];
}

function pairs(specs: readonly Spec[], shape: { first: string; between: string; end: string }): Pairs {
  return { kind: 'pairs', ...shape, variables: new Map(specs.map(({ name, ...spec }) => [name, spec])) };
}
