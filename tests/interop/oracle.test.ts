import { expect, test } from 'vitest';
import { corpus } from './oracle-corpus.ts';
import { createOdinServer, createSdkServer } from './oracle-servers.ts';

interface Answer {
  status: number;
  messages: unknown[];
}

const sdk = createSdkServer();
const odin = createOdinServer();

/** Whether a message comes as JSON or on a stream is the server's choice; only what it says is compared. */
async function read(response: Response): Promise<Answer> {
  const body = await response.text();
  const events = response.headers.get('content-type')?.startsWith('text/event-stream')
    ? [...body.matchAll(/^data: (.+)$/gm)].map((match) => match[1] ?? '')
    : [body];
  return {
    status: response.status,
    messages: events.filter((text) => text !== '').map((text) => withoutWords(JSON.parse(text))),
  };
}

/** The wording of errors is nobody's contract; their codes and data are. */
function withoutWords(message: Record<string, unknown>): Record<string, unknown> {
  if (!('error' in message)) return message;
  const { message: _words, data, ...error } = Object(message.error);
  const mismatch = Object(data).mismatch;
  return { ...message, error: { ...error, data: mismatch === undefined ? data : { mismatch: mismatch.header } } };
}

test.each(corpus.filter(({ differs }) => differs === undefined))(
  '$name: Odin answers as the SDK does',
  async ({ request }) => {
    const expected = await read(await sdk(request.clone()));
    expect(await read(await odin(request))).toEqual(expected);
  },
);

test.each(corpus.filter(({ differs }) => differs !== undefined))('$name differs: $differs', async ({ request }) => {
  const other = await read(await sdk(request.clone()));
  const answer = await read(await odin(request));
  expect(answer).not.toEqual(other);
  expect(answer.status).toBe(other.status);
});
