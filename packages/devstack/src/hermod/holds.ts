import type { ServerResponse } from 'node:http';
import type { Channels } from './channels.ts';
import type { Clock } from './clock.ts';
import { type EmitHermodEvent, textOfContent } from './event.ts';
import { HeldResponse } from './held-response.ts';
import { HeldStream } from './held-stream.ts';
import type { Instruct } from './instruct.ts';
import type { Links } from './link.ts';
import { createLinkFollower } from './link-follower.ts';
import { resolveLink } from './resolve-link.ts';
import type { Sequence } from './sequence.ts';

/** A client whose request has been answered with an instruction. */
export interface HeldClient {
  readonly id: string;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly startedAt: number;
}

/** Takes clients over from the proxy and keeps them until they or their origin end it. */
export interface Holds {
  /** @throws Error when a link of the instruction is no URL; nothing has been sent then */
  take(client: HeldClient, instruct: Instruct): void;
  count(): number;
}

export interface HoldsOptions {
  readonly channels: Channels;
  readonly sequence: Sequence;
  readonly links: Links;
  readonly clock: Clock;
  readonly emit: EmitHermodEvent;
}

export function createHolds(options: HoldsOptions): Holds {
  const { links, clock, emit } = options;
  const held = new Set<HeldStream | HeldResponse>();
  return {
    take(client, instruct) {
      const { id, response, url, startedAt } = client;
      const gone = resolveLink(instruct.gone, url);
      const holder =
        instruct.mode === 'response'
          ? new HeldResponse({ ...options, id, response, instruct })
          : new HeldStream({
              ...options,
              id,
              response,
              url,
              instruct,
              follower: createLinkFollower({ ...options, id }),
            });
      held.add(holder);
      response.once('close', () => {
        held.delete(holder);
        holder.stop();
        if (gone) tellGone(id, gone, url);
      });
      emit({
        type: 'held',
        id,
        mode: instruct.mode === 'response' ? 'response' : 'stream',
        status: instruct.response.status,
        channels: instruct.channels.map(({ name }) => name),
        body: instruct.mode === 'response' ? '' : textOfContent(instruct.response.body),
        durationMs: clock.now() - startedAt,
      });
      holder.start();
    },
    count: () => held.size,
  };

  /** One empty POST, whatever the reason of the end and whatever the answer (Pushpin 1.41). */
  function tellGone(id: string, url: URL, base: URL): void {
    links.ask(
      { method: 'POST', url, base, last: [] },
      {
        head: ({ status }) => emit({ type: 'linked', id, url: url.href, status }),
        data: () => undefined,
        end: () => undefined,
        error: () => emit({ type: 'linked', id, url: url.href }),
      },
    );
  }
}
