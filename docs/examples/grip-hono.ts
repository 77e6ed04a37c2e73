import { createHolds, createSigVerifier, withGrip } from '@asgard/grip';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

const app = new Hono();
app.get('/countdown', (context) =>
  streamSSE(context, async (stream) => {
    for (let left = 10; left > 0 && !context.req.raw.signal.aborted; left--) {
      await stream.writeSSE({ data: String(left) });
      await stream.sleep(1_000);
    }
  }),
);

const holds = createHolds({ publisher: createXpubPublisher({ urls: ['tcp://127.0.0.1:5562'] }) });
const verifier = createSigVerifier({ keys: [process.env.GRIP_KEY ?? ''], issuer: 'asgard' });

export const fetch = withGrip((request) => app.fetch(request), { holds, verifier });
