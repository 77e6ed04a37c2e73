import type { Bench } from '../bench.ts';
import { measureListens } from '../holds/listens.ts';

/** What a server keeps for subscriptions that a proxy holds. Wants no Pushpin: the proxy is played, the clients are left out. */
export const bench: Bench = (say) => measureListens(say);
