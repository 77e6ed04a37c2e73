/** Header fields in wire order; a name may occur more than once and keeps its case. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Node's and undici's flat raw form (`[name, value, name, value]`), bytes read as latin1 as HTTP/1 demands. */
export function parseRawHeaders(raw: readonly (string | Uint8Array)[]): HeaderList {
  const text = (part: string | Uint8Array | undefined): string =>
    typeof part === 'string' ? part : Buffer.from(part ?? []).toString('latin1');
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([text(raw[index]), text(raw[index + 1])]);
  return headers;
}

/** The inverse of {@link parseRawHeaders}. */
export function formatRawHeaders(headers: HeaderList): string[] {
  return headers.flat();
}

/** The first value of a field, or undefined. `name` is lower case. */
export function headerValue(headers: HeaderList, name: string): string | undefined {
  return headers.find(([field]) => field.toLowerCase() === name)?.[1];
}

/** All fields except those whose lower-case name `drop` picks. */
export function withoutHeaders(headers: HeaderList, drop: (name: string) => boolean): HeaderList {
  return headers.filter(([field]) => !drop(field.toLowerCase()));
}

/** Drops the fields that belong to one connection only, those named by `Connection` included (RFC 9110 section 7.6.1). */
export function withoutHopByHop(headers: HeaderList): HeaderList {
  const named = new Set(HOP_BY_HOP);
  for (const [field, value] of headers) {
    if (field.toLowerCase() !== 'connection') continue;
    for (const token of value.split(',')) named.add(token.trim().toLowerCase());
  }
  return withoutHeaders(headers, (name) => named.has(name));
}

/** Replaces every occurrence of the given fields by one value; undefined removes. */
export function withHeaders(headers: HeaderList, values: Readonly<Record<string, string | undefined>>): HeaderList {
  const names = new Set(Object.keys(values).map((name) => name.toLowerCase()));
  const kept = withoutHeaders(headers, (name) => names.has(name));
  const set = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return [...kept, ...set];
}
