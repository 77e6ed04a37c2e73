import type { FeedEntry } from '../feed-entry.ts';
import type { FeedState } from '../feed-state.ts';
import type { ConsoleInfo } from '../info.ts';
import type { Answer, CallEvent, PromptInfo, ResourceInfo, ToolInfo, WatchEvent } from '../mcp-client.ts';
import { createEventParser } from './events.ts';

export type FeedMessage = { readonly state: FeedState } | { readonly entry: FeedEntry };

/** The page's way to its server. */
export interface Api {
  info(): Promise<ConsoleInfo>;
  tools(user: string): Promise<readonly ToolInfo[]>;
  resources(user: string): Promise<readonly ResourceInfo[]>;
  read(user: string, uri: string): Promise<unknown>;
  prompts(user: string): Promise<readonly PromptInfo[]>;
  prompt(user: string, prompt: string, args: Readonly<Record<string, unknown>>): Promise<unknown>;
  watch(watch: WatchRequest, onEvent: (event: WatchEvent) => void): Promise<void>;
  /** Never ends; comes back by itself when the server was away. */
  follow(onMessage: (message: FeedMessage) => void, onConnected: (connected: boolean) => void): Promise<never>;
  /** Resolves when the call has ended. */
  call(call: CallRequest, onEvent: (event: CallEvent) => void): Promise<void>;
  answer(questionId: string, answer: Answer): Promise<void>;
}

export interface CallRequest {
  readonly user: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

export interface WatchRequest {
  readonly user: string;
  readonly uri: string;
  readonly signal: AbortSignal;
}

const RETRY_MS = 1000;

/** @param token of this page; without it the server answers nothing */
export function createApi(token: string): Api {
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, 'x-asgard-console': token };
    const response = await fetch(path, { ...init, headers }).catch(sayAway);
    if (response.ok) return response;
    const { error } = (await response.json()) as { error?: { code?: string; message?: string } };
    // `asgard dev` was started again: this page belongs to the start before.
    if (error?.code === 'stale') location.reload();
    throw new Error(error?.message ?? `The console answers ${response.status}.`);
  }
  const post = (path: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
    ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal !== undefined && { signal }),
    });

  return {
    info: async () => (await ask('/api/info')).json() as Promise<ConsoleInfo>,
    async tools(user) {
      const response = await ask(`/api/tools?user=${encodeURIComponent(user)}`);
      return ((await response.json()) as { tools: readonly ToolInfo[] }).tools;
    },
    async resources(user) {
      const response = await ask(`/api/resources?user=${encodeURIComponent(user)}`);
      return ((await response.json()) as { resources: readonly ResourceInfo[] }).resources;
    },
    read: async (user, uri) => (await post('/api/reads', { user, uri })).json(),
    async prompts(user) {
      const response = await ask(`/api/prompts?user=${encodeURIComponent(user)}`);
      return ((await response.json()) as { prompts: readonly PromptInfo[] }).prompts;
    },
    prompt: async (user, prompt, args) => (await post('/api/prompts', { user, prompt, args })).json(),
    async watch({ signal, ...watch }, onEvent) {
      const response = await post('/api/watches', watch, signal);
      await readEvents(response, (event) => onEvent(event as WatchEvent));
    },
    async follow(onMessage, onConnected) {
      for (;;) {
        try {
          const response = await ask('/api/feed');
          onConnected(true);
          await readEvents(response, (event) => onMessage(event as FeedMessage));
        } catch {
          // The server is away: said below, tried again after a while.
        }
        onConnected(false);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },
    async call({ signal, ...call }, onEvent) {
      const response = await post('/api/calls', call, signal);
      await readEvents(response, (event) => onEvent(event as CallEvent));
    },
    async answer(questionId, answer) {
      await post('/api/answers', { questionId, ...answer });
    },
  };
}

async function readEvents({ body }: Response, onEvent: (event: unknown) => void): Promise<void> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const parse = createEventParser();
  for (;;) {
    const { done, value } = await reader.read().catch(sayAway);
    if (done) return;
    for (const event of parse(value)) onEvent(event);
  }
}

/** How fetch and its streams say that nobody is there any more. Whoever cancels gets another error. */
function sayAway(cause: unknown): never {
  throw cause instanceof TypeError ? new Error('The console is away: asgard dev has ended.', { cause }) : cause;
}
