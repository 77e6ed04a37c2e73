import { GripError } from '../errors.ts';
import { formatChannels, type HoldChannel, parseChannels } from './channel.ts';
import { checkField, checkToken, formatSeconds, GRIP_HEADERS, parseSeconds, splitList } from './fields.ts';
import { formatKeepAlive, type KeepAlive, parseKeepAlive } from './keep-alive.ts';
import { formatLinks, type GoneLink, type NextLink, parseLinks } from './link.ts';
import { formatMeta, parseMeta } from './meta.ts';
import { formatStatus, type HoldStatus, parseStatus } from './status.ts';

/** How a proxy is to hold the connection after it has the origin's response. */
export interface HoldInstruction {
  /** `stream`: the body is sent at once and items are added. `response`: nothing is sent until one item or the timeout. */
  readonly mode: 'stream' | 'response';
  /** What the connection listens to; at most 20. */
  readonly channels: readonly HoldChannel[];
  /** Whole seconds after which a held `response` sends the origin's body. The proxy's default is 55, its least 5. */
  readonly timeoutSeconds?: number;
  /** What the proxy writes to a silent stream. */
  readonly keepAlive?: KeepAlive;
  /** Where missing items are asked for. */
  readonly next?: NextLink;
  /** Where the end of the connection is told. */
  readonly gone?: GoneLink;
  /** Values for filters, one set per connection. */
  readonly meta?: Readonly<Record<string, string>>;
  /** Replaces the origin's own status line. */
  readonly status?: HoldStatus;
  /** Response headers that reach the client; when absent, all but the `Grip-*` ones. */
  readonly exposeHeaders?: readonly string[];
}

/** Refuses combinations that the proxy would answer with an error or ignore. */
export function checkHold(hold: HoldInstruction): void {
  if (hold.mode !== 'stream' && hold.mode !== 'response') {
    throw new GripError('illegal_value', `hold mode must be 'stream' or 'response', not ${String(hold.mode)}`, {
      field: 'mode',
    });
  }
  if (hold.mode === 'stream' && hold.timeoutSeconds !== undefined) {
    throw new GripError('illegal_value', 'a timeout is for held responses; a stream has none', {
      field: 'timeoutSeconds',
    });
  }
  if (hold.mode === 'stream' && !hold.next && hold.channels.some(({ prevId }) => prevId !== undefined)) {
    throw new GripError('illegal_value', 'a stream with prev-id needs a next link, or the proxy ends it', {
      field: 'next',
    });
  }
}

/**
 * Writes a hold as response headers, with lower-case names.
 * @throws {@link GripError} `illegal_value`, `value_too_long` or `too_many_channels`, naming the field.
 * @see https://pushpin.org/docs/protocols/grip/
 */
export function formatHoldHeaders(hold: HoldInstruction): Record<string, string> {
  checkHold(hold);
  const headers: Record<string, string> = {
    [GRIP_HEADERS.hold]: hold.mode,
    [GRIP_HEADERS.channel]: formatChannels(hold.channels),
  };
  if (hold.timeoutSeconds !== undefined)
    headers[GRIP_HEADERS.timeout] = formatSeconds('hold timeout', hold.timeoutSeconds);
  if (hold.keepAlive) headers[GRIP_HEADERS.keepAlive] = formatKeepAlive(hold.keepAlive);
  if (hold.next || hold.gone) headers[GRIP_HEADERS.link] = formatLinks(hold);
  if (hold.meta && Object.keys(hold.meta).length > 0) headers[GRIP_HEADERS.setMeta] = formatMeta(hold.meta);
  if (hold.status) headers[GRIP_HEADERS.status] = formatStatus(hold.status);
  if (hold.exposeHeaders && hold.exposeHeaders.length > 0) {
    headers[GRIP_HEADERS.exposeHeaders] = hold.exposeHeaders
      .map((name) => checkToken('exposed header', name))
      .join(', ');
  }
  for (const [name, value] of Object.entries(headers)) checkField(name, value);
  return headers;
}

/**
 * Reads a hold from response headers as a proxy does.
 * @returns `undefined` when there is no `Grip-Hold`. More than 20 channels are returned; cutting them is up to the proxy.
 * @throws {@link GripError} `invalid_field` for anything that Pushpin answers with 502 or would misread.
 */
export function parseHoldHeaders(headers: Headers): HoldInstruction | undefined {
  const mode = headers.get(GRIP_HEADERS.hold);
  if (mode === null) return undefined;
  if (mode !== 'stream' && mode !== 'response') {
    throw new GripError(
      'invalid_field',
      `${GRIP_HEADERS.hold} must be 'stream' or 'response', not ${JSON.stringify(mode)}`,
      {
        field: GRIP_HEADERS.hold,
      },
    );
  }
  const read = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const text = headers.get(name);
    return text ? parse(text) : undefined;
  };
  const timeout = read(GRIP_HEADERS.timeout, (text) => parseSeconds(GRIP_HEADERS.timeout, text));
  const keepAlive = read(GRIP_HEADERS.keepAlive, parseKeepAlive);
  const meta = read(GRIP_HEADERS.setMeta, parseMeta);
  const status = read(GRIP_HEADERS.status, parseStatus);
  const exposeHeaders = read(GRIP_HEADERS.exposeHeaders, (text) => splitList(GRIP_HEADERS.exposeHeaders, text));
  return {
    mode,
    channels: read(GRIP_HEADERS.channel, parseChannels) ?? [],
    ...(timeout !== undefined && mode === 'response' ? { timeoutSeconds: timeout } : {}),
    ...(keepAlive ? { keepAlive } : {}),
    ...read(GRIP_HEADERS.link, parseLinks),
    ...(meta ? { meta } : {}),
    ...(status ? { status } : {}),
    ...(exposeHeaders ? { exposeHeaders } : {}),
  };
}

/** Reads `Grip-Link` on its own: a response without a hold whose `next` the proxy follows at once. */
export function parseLinkHeaders(headers: Headers): { readonly next?: NextLink; readonly gone?: GoneLink } {
  const text = headers.get(GRIP_HEADERS.link);
  return text ? parseLinks(text) : {};
}
