import type { Answer, CallEvent, McpClient } from './mcp-client.ts';

/** The calls that run now, and the questions in them that wait for the user. */
export interface Calls {
  /** Resolves when the call has ended. */
  run(request: CallRequest): Promise<void>;
  /** False when nobody waits for that answer. */
  answer(questionId: string, answer: Answer): boolean;
}

export interface CallRequest {
  readonly client: McpClient;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly send: (event: CallEvent) => void;
}

/** @param newId unguessable ids */
export function createCalls(newId: () => string): Calls {
  const questions = new Map<string, (answer: Answer) => void>();

  function ask(send: CallRequest['send'], params: unknown, signal: AbortSignal): Promise<Answer> {
    const questionId = newId();
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        questions.delete(questionId);
        resolve(answer);
      };
      questions.set(questionId, settle);
      signal.addEventListener('abort', () => settle({ action: 'cancel' }), { once: true });
      send({ type: 'question', questionId, params });
    });
  }

  return {
    async run({ client, tool, args, signal, send }) {
      send({ type: 'started', callId: newId() });
      await client.callTool({
        tool,
        args,
        signal,
        onEvent: send,
        ask: (params, askSignal) => ask(send, params, askSignal),
      });
    },
    answer(questionId, answer) {
      const settle = questions.get(questionId);
      settle?.(answer);
      return settle !== undefined;
    },
  };
}
