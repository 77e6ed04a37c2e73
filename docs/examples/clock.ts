import { createHolds, createSigVerifier, formatSseEvent, withGrip } from '@asgard/grip';
import { createXpubPublisher } from '@asgard/grip/zeromq';

const publisher = createXpubPublisher({ urls: ['tcp://127.0.0.1:5562'] }); // push_in_sub_specs of Pushpin
const holds = createHolds({ publisher });
const verifier = createSigVerifier({ keys: ['base64:…'], issuer: 'asgard' }); // sig_key and sig_iss of Pushpin

async function handler(request: Request): Promise<Response> {
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  const timer = setInterval(() => writer.write(formatSseEvent({ data: new Date().toISOString() })), 1_000);
  request.signal.addEventListener('abort', () => clearInterval(timer));
  return new Response(readable.pipeThrough(new TextEncoderStream()), {
    headers: { 'content-type': 'text/event-stream' },
  });
}

export const fetch: typeof handler = withGrip(handler, { holds, verifier });
