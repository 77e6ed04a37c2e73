import { GripError } from '../errors.ts';
import { checkText, findParameter, formatParameter, GRIP_HEADERS, parseParameterized, splitList } from './fields.ts';
import { MAX_CHANNEL_NAME_LENGTH, MAX_CHANNELS, MAX_FILTERS } from './limits.ts';

/** One channel that a held connection listens to. */
export interface HoldChannel {
  /** Printable ASCII without comma, semicolon and double quote. */
  readonly name: string;
  /** Id of the last item that the client has: the next one must name it as its `prevId`, or the proxy asks the next link. */
  readonly prevId?: string;
  /** Filters that the proxy applies to each item, in this order: `skip-self`, `skip-users`, `require-sub`, `build-id`, `var-subst`. */
  readonly filters?: readonly string[];
}

/** The parts of a channel name made by {@link createChannelName}. */
export interface ChannelNameParts {
  readonly prefix: string;
  /** Stable id of the replica that owns the channel. */
  readonly replica: string;
  /** Id of one start of that replica. */
  readonly boot: string;
  /** The unguessable part: up to 800 characters, the others up to 64. */
  readonly id: string;
}

const NAME_PART = /^[A-Za-z0-9_-]{1,64}$/;
const NAME_ID = /^[A-Za-z0-9_-]{1,800}$/;

/** Refuses a channel name that not every GRIP header can carry. Returns the name. */
export function checkChannelName(name: string, field = 'channel'): string {
  checkText(field, name, MAX_CHANNEL_NAME_LENGTH);
  if (name === '' || /[,;"]/.test(name) || name !== name.trim()) {
    throw new GripError(
      'illegal_value',
      `${field} ${JSON.stringify(name)} must not be empty, have , ; " or spaces at its ends`,
      {
        field,
      },
    );
  }
  return name;
}

/** Builds `prefix.replica.boot.id`. Whoever knows the name can listen and publish, so `id` has to be unguessable. */
export function createChannelName(parts: ChannelNameParts): string {
  for (const [field, part] of Object.entries(parts)) {
    if (!(field === 'id' ? NAME_ID : NAME_PART).test(part)) {
      throw new GripError(
        'bad_option',
        `channel ${field} must be a few of A-Z a-z 0-9 _ -, not ${JSON.stringify(part)}`,
        { field },
      );
    }
  }
  return `${parts.prefix}.${parts.replica}.${parts.boot}.${parts.id}`;
}

/** Takes a name of {@link createChannelName} apart; `undefined` for any other name. Never throws. */
export function parseChannelName(name: string): ChannelNameParts | undefined {
  const [prefix = '', replica = '', boot = '', id = '', ...rest] = name.split('.');
  const named = [prefix, replica, boot].every((part) => NAME_PART.test(part)) && NAME_ID.test(id);
  return named && rest.length === 0 ? { prefix, replica, boot, id } : undefined;
}

/** Refuses a list of channels that the proxy would cut or mix up. */
export function checkChannels(channels: readonly HoldChannel[]): void {
  const field = GRIP_HEADERS.channel;
  if (channels.length === 0) {
    throw new GripError('illegal_value', 'a hold without any channel could never be reached; name at least one', {
      field,
    });
  }
  if (channels.length > MAX_CHANNELS) {
    throw new GripError(
      'too_many_channels',
      `${channels.length} channels, but one connection can have only ${MAX_CHANNELS}`,
      { field },
    );
  }
  const names = new Set<string>();
  for (const { name, filters = [] } of channels) {
    if (names.has(name))
      throw new GripError('illegal_value', `channel ${JSON.stringify(name)} is named twice`, { field });
    names.add(name);
    if (filters.length > MAX_FILTERS) {
      throw new GripError('illegal_value', `channel ${JSON.stringify(name)} has more than ${MAX_FILTERS} filters`, {
        field,
      });
    }
  }
}

/** Writes the value of `Grip-Channel`. */
export function formatChannels(channels: readonly HoldChannel[]): string {
  checkChannels(channels);
  return channels.map(formatChannel).join(', ');
}

function formatChannel({ name, prevId, filters = [] }: HoldChannel): string {
  const parts = [checkChannelName(name, GRIP_HEADERS.channel)];
  if (prevId !== undefined) parts.push(formatParameter('prev-id', checkId('prev-id', prevId)));
  for (const filter of filters) parts.push(formatParameter('filter', checkId('filter', filter)));
  return parts.join('; ');
}

/** Refuses an id or filter name that is empty (the proxy takes it for absent) or not writable. */
export function checkId(field: string, id: string): string {
  checkText(field, id);
  if (id === '') throw new GripError('illegal_value', `${field} must not be empty`, { field });
  return id;
}

/** Reads the value of `Grip-Channel`; repeated headers are joined by commas. Does not limit the number of channels. */
export function parseChannels(text: string): HoldChannel[] {
  const field = GRIP_HEADERS.channel;
  return splitList(field, text).map((part) => {
    const parsed = parseParameterized(field, part);
    if (parsed.value === '') throw new GripError('invalid_field', `${field} has a channel without a name`, { field });
    const prevId = findParameter(parsed, 'prev-id');
    const filters = parsed.parameters.filter(([name]) => name === 'filter').map(([, value]) => value);
    return {
      name: parsed.value,
      ...(prevId ? { prevId } : {}),
      ...(filters.length > 0 ? { filters } : {}),
    };
  });
}
