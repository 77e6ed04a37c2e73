import { formatHoldHeaders, type Hold, isGripError } from '@asgard/grip';
import type { HeldAnswer, HeldFor, HeldSubscription, Holder } from '../http/holder.ts';
import type { HttpRequest } from '../http/message.ts';
import type { Subscription } from '../protocol/exchange.ts';
import type { ResolvedHermod } from './options.ts';
import type { HeldSubscriptions } from './subscriptions.ts';

/** Holds answers in the proxy, when a valid `Grip-Sig` says that the request came through it. */
export function createHolder(hermod: ResolvedHermod, subscriptions: HeldSubscriptions): Holder {
  const canHold = async (request: HttpRequest): Promise<boolean> =>
    hermod.publisher.monitor.connected && (await hermod.isProxied(request.header('grip-sig')));

  return {
    async open(request: HttpRequest, caller: HeldFor): Promise<HeldAnswer | undefined> {
      if (!(await canHold(request))) return undefined;
      const hold = tryOpen(hermod, caller);
      if (!hold) return undefined;
      return {
        // Made when they are sent, not kept as long as the call goes on.
        get headers() {
          return formatHoldHeaders(hold.instruction);
        },
        onAbort: (listener) => hold.onAbort(listener),
        answered: () => hold.answered(),
        write: (block) => hold.write(block),
        end: (block) => hold.end(block),
        abort: () => hold.abort(),
      };
    },
    async subscribe(
      request: HttpRequest,
      subscription: Subscription,
      caller: HeldFor,
    ): Promise<HeldSubscription | undefined> {
      return (await canHold(request)) ? subscriptions.hold(subscription, caller) : undefined;
    },
  };
}

/** Text that every header can carry unescaped. */
const PLAIN_ID = /^[A-Za-z0-9_.:-]{0,200}$/;

/** undefined when there are too many holds already, or the id is too long for a link: then this process streams the answer itself. */
function tryOpen({ holds }: ResolvedHermod, { principal, id }: HeldFor): Hold | undefined {
  try {
    return holds.open({
      // A stream that answers no request ends without a message.
      lease: id === undefined ? '' : JSON.stringify(id),
      ...(id !== undefined && PLAIN_ID.test(String(id)) && { name: JSON.stringify(id) }),
      ...(principal && { expiresAt: principal.expiresAt * 1_000 }),
    });
  } catch (error) {
    if (isGripError(error)) return undefined;
    throw error;
  }
}
