import { formatFeatures, formatLast, type LastId } from '@asgard/grip';
import type { HeaderList } from '../http/header-list.ts';
import type { Upstream, UpstreamExchange, UpstreamReceiver } from '../http/upstream.ts';
import { FILTERS } from './filters.ts';
import type { SignRequest } from './signature.ts';

/** What the proxy can do, told to the origin with every request. */
export const FEATURES: string = formatFeatures([
  'status',
  'link:next',
  'link:gone',
  ...FILTERS.map((filter) => `filter:${filter}`),
]);

interface LinkRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  /** The URL of the client's request. A link to the same origin takes the way of the client's requests. */
  readonly base: URL;
  readonly last: readonly LastId[];
}

/** Asks links. No header of any client goes with such a request, so a link must prove its right by itself. */
export interface Links {
  ask(request: LinkRequest, receiver: UpstreamReceiver): Pick<UpstreamExchange, 'pause' | 'resume' | 'abort'>;
}

export interface LinksOptions {
  readonly upstream: Upstream;
  /** Where the client's requests go. */
  readonly origin: string;
  readonly sign: SignRequest;
}

export function createLinks({ upstream, origin, sign }: LinksOptions): Links {
  return {
    ask({ method, url, base, last }, receiver) {
      let exchange: UpstreamExchange | undefined;
      let gaveUp: Error | undefined;
      void sign().then((signature) => {
        if (gaveUp) {
          receiver.error(gaveUp);
          return;
        }
        exchange = upstream.send(
          {
            method,
            origin: url.origin === base.origin ? origin : url.origin,
            path: url.pathname + url.search,
            headers: linkHeaders(url, last, signature),
          },
          receiver,
        );
      });
      return {
        pause: () => exchange?.pause(),
        resume: () => exchange?.resume(),
        abort(reason) {
          gaveUp = reason;
          exchange?.abort(reason);
        },
      };
    },
  };
}

function linkHeaders(url: URL, last: readonly LastId[], signature: string): HeaderList {
  return [
    ['Host', url.host],
    ['Accept', '*/*'],
    ...last.map((one): [string, string] => ['Grip-Last', formatLast([one])]),
    ['Grip-Sig', signature],
    ['Grip-Feature', FEATURES],
  ];
}
