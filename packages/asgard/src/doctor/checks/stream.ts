import { type Chain, type Check, type DoctorContext, type Finding, failed, ok, skipped, warning } from '../check.ts';
import { type ListenResult, listen } from '../listen.ts';
import { whereToLook } from '../where-to-look.ts';

/** An acknowledgement takes milliseconds; a buffer takes until the end of the stream. */
const SLOW_MS = 1_500;
/** Odin ends a hold that is not live two seconds after it was answered. */
const WATCH_MS = 3_500;

/** Events come when they are sent, through every proxy in the way. */
export const streamCheck: Check = {
  name: 'stream',
  run: (context) => probe(context, judgeStream),
};

/** The server is connected to the proxy, and a held stream lives on: so it has heard from the proxy that the stream is held. */
export const readinessCheck: Check = {
  name: 'readiness',
  run: async (context) => (await unconnected(context)) ?? (await probe(context, judgeReadiness)),
};

/** Without its connection to the proxy a server serves streams itself, which from outside looks the same. */
async function unconnected({ effects, chain, signal }: DoctorContext): Promise<Finding | undefined> {
  if (chain?.serverUrl === undefined) return undefined;
  const url = new URL('/.odin/ready', chain.serverUrl);
  const response = await effects.fetch(url, { signal }).catch(() => undefined);
  await response?.body?.cancel();
  if (response?.status !== 503) return undefined;
  return failed(
    'the server has no connection to the publish port of the proxy, or is about to stop',
    'GRIP_URL must name port 5562 of every Pushpin (push_in_sub_specs), and the port must be open for the server.',
  );
}

async function probe(context: DoctorContext, judge: (result: ListenResult) => Finding): Promise<Finding> {
  const { chain } = context;
  if (chain === undefined) return skipped('nothing runs here: start "asgard dev" or "asgard infra up", or pass --url');
  let result: ListenResult;
  try {
    result = await listen(chain, context, { watchMs: WATCH_MS });
  } catch (error) {
    const reason = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return failed(`${chain.mcpUrl} does not answer: ${reason}`, whereToLook(chain));
  }
  return refusal(chain, result) ?? judge(result);
}

/** What is said when the stream was not even begun. */
function refusal(chain: Chain, { status, text }: ListenResult): Finding | undefined {
  if (status === 200) return undefined;
  if (status === 401) {
    return chain.token === undefined
      ? skipped('needs a token: pass --token or set ASGARD_TOKEN')
      : failed(
          'the token was refused (401)',
          'Get a new one. If it is new, see the check "agreement" for issuer and audience.',
        );
  }
  if (status === 502 || status === 503 || status === 504) {
    return failed(`the gateway or the proxy does not reach the server (${status})`, whereToLook(chain));
  }
  return failed(`a subscription was answered with ${status}: ${text}`, 'See the log of the server.');
}

function judgeStream({ firstEventMs, headersMs }: ListenResult): Finding {
  const fix =
    'Something in front of the server collects answers. In nginx: proxy_buffering off; in Kong: response_buffering false; no compression of text/event-stream.';
  if (firstEventMs === undefined) return failed('the first event of a stream does not come while it is open', fix);
  const text = `headers after ${Math.round(headersMs)} ms, first event after ${Math.round(firstEventMs)} ms`;
  return firstEventMs <= SLOW_MS ? ok(text) : failed(text, fix);
}

function judgeReadiness({ ended, text }: ListenResult): Finding {
  if (!ended) return ok('a subscription stays open');
  if (/"error"/.test(text)) {
    return failed(
      `a subscription ended with an error: ${text.slice(-200)}`,
      'The server publishes to no proxy, or another: GRIP_URL must name port 5562 of every Pushpin (push_in_sub_specs).',
    );
  }
  return warning(
    'a subscription ended by itself',
    'See the log of the server; a proxy in front may have a short timeout.',
  );
}
