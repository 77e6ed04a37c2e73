import { GripError } from '../errors.ts';
import {
  checkText,
  findParameter,
  formatSeconds,
  GRIP_HEADERS,
  parseParameterized,
  parseSeconds,
  splitList,
} from './fields.ts';
import { MAX_URI_LENGTH } from './limits.ts';

/** Where the proxy asks when items are missing, or when nothing came for so long. */
export interface NextLink {
  /** Absolute, or relative to the URL of the request. */
  readonly uri: string;
  /** Whole seconds without an item after which the proxy asks. The proxy's own default is 120. */
  readonly timeoutSeconds?: number;
}

/** Where the proxy posts an empty request when the connection ends. Pushpin 1.41 and later. */
export interface GoneLink {
  readonly uri: string;
}

/** Both links of a response. */
export interface GripLinks {
  readonly next?: NextLink;
  readonly gone?: GoneLink;
}

/** Writes the value of `Grip-Link`. Without a hold in the same response, the proxy follows `next` at once. */
export function formatLinks(links: GripLinks): string {
  const parts: string[] = [];
  if (links.next) {
    const { uri, timeoutSeconds } = links.next;
    const timeout =
      timeoutSeconds === undefined ? '' : `; timeout=${formatSeconds('next link timeout', timeoutSeconds)}`;
    parts.push(`<${checkUri('next link', uri)}>; rel=next${timeout}`);
  }
  if (links.gone) parts.push(`<${checkUri('gone link', links.gone.uri)}>; rel=gone`);
  return parts.join(', ');
}

/** Pushpin splits at commas and semicolons before it looks for the angle brackets, so they must be percent-encoded. */
function checkUri(field: string, uri: string): string {
  checkText(field, uri, MAX_URI_LENGTH);
  if (uri === '' || /[\s<>,;"\\]/.test(uri)) {
    throw new GripError('illegal_value', `${field} must be a URI with spaces and < > , ; " \\ percent-encoded`, {
      field,
    });
  }
  return uri;
}

/** Reads the value of `Grip-Link`; elements of another relation are ignored, the last of a relation counts. */
export function parseLinks(text: string): GripLinks {
  const field = GRIP_HEADERS.link;
  let next: NextLink | undefined;
  let gone: GoneLink | undefined;
  for (const part of splitList(field, text)) {
    const parsed = parseParameterized(field, part);
    if (parsed.parameters.length === 0) continue;
    const uri = /^<([^<>]+)>$/.exec(parsed.value)?.[1];
    if (uri === undefined)
      throw new GripError('invalid_field', `${field} needs its target in angle brackets`, { field });
    const relation = findParameter(parsed, 'rel');
    const timeout = findParameter(parsed, 'timeout');
    if (relation === 'next') {
      next = timeout === undefined ? { uri } : { uri, timeoutSeconds: parseSeconds(`${field} timeout`, timeout) };
    } else if (relation === 'gone') gone = { uri };
  }
  return { ...(next ? { next } : {}), ...(gone ? { gone } : {}) };
}
