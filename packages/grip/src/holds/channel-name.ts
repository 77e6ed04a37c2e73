import { createChannelName, parseChannelName } from '../wire/channel.ts';
import type { Lease, LeaseSealer } from './lease.ts';
import type { HoldsSettings } from './options.ts';

/** What channels of one start of one replica begin with. */
export type Namespace = Pick<HoldsSettings, 'prefix' | 'replica' | 'boot'>;

/** Of a boot channel: who listens to it. */
export type BootListeners = 'named' | 'unnamed';

/** The last parts of the names of boot channels. No lease and no random id is as short. */
const LISTENERS: ReadonlyMap<string, BootListeners> = new Map([
  ['all', 'named'],
  ['ask', 'unnamed'],
]);

/** A channel that nobody else has. With a sealer its name carries the lease, so that the proxy brings it along when it asks. */
export function nameHold(
  settings: Namespace & Pick<HoldsSettings, 'randomId'>,
  sealed?: { readonly sealer: LeaseSealer; readonly lease: Omit<Lease, 'scope'> },
): string {
  const { prefix, replica, boot, randomId } = settings;
  const id = sealed ? sealed.sealer.seal({ scope: formatScope(settings), ...sealed.lease }) : randomId();
  return createChannelName({ prefix, replica, boot, id });
}

/** The lease in the name of a hold's channel, and who made it; `undefined` for any other name. */
export function readLease(
  channel: string,
  prefix: string,
  sealer: LeaseSealer,
): { readonly lease: Lease; readonly replica: string; readonly owner: string } | undefined {
  const parts = parseChannelName(channel);
  if (parts?.prefix !== prefix) return undefined;
  const lease = sealer.unseal(parts.id, formatScope(parts));
  return lease && { lease, replica: parts.replica, owner: formatOwner(parts) };
}

/** One start of one replica. */
export function formatOwner({ replica, boot }: Pick<Namespace, 'replica' | 'boot'>): string {
  return `${replica}.${boot}`;
}

function formatScope({ prefix, replica, boot }: Namespace): string {
  return `${prefix}.${replica}.${boot}`;
}

/**
 * Every hold with recovery also listens to one of these: for hints, and those with a name for the end of that start. They carry no numbers, so a hint makes the
 * proxy ask every link of that start at once; a hint on a numbered channel counts as a gap, and has to wait its turn among ten checks a second.
 */
export function nameBoot({ prefix, replica, boot }: Namespace, listeners: BootListeners): string {
  return createChannelName({ prefix, replica, boot, id: listeners === 'named' ? 'all' : 'ask' });
}

/** What a channel without a hold is to this replica. */
export function classifyStray(
  channel: string,
  own: Namespace,
): 'foreign' | 'late' | 'this-boot' | 'earlier' | 'earlier-boot' {
  const parts = parseChannelName(channel);
  if (parts?.prefix !== own.prefix || parts.replica !== own.replica) return 'foreign';
  const isBoot = LISTENERS.has(parts.id);
  if (parts.boot === own.boot) return isBoot ? 'this-boot' : 'late';
  return isBoot ? 'earlier-boot' : 'earlier';
}

/** `replica.boot` of the start of another replica that has holds, if the channel says so. */
export function readForeignBoot(channel: string, own: Namespace): string | undefined {
  const parts = parseChannelName(channel);
  if (parts?.prefix !== own.prefix || parts.replica === own.replica || !LISTENERS.has(parts.id)) return undefined;
  return formatOwner(parts);
}

/** The channel of {@link nameBoot} for a `replica.boot`. */
export function nameForeignBoot(owner: string, { prefix }: Namespace, listeners: BootListeners): string {
  const [replica = '', boot = ''] = owner.split('.');
  return nameBoot({ prefix, replica, boot }, listeners);
}
