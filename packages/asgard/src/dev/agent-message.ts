/** What the command and the agent in the server's process say to each other over IPC. */
export type ToAgent =
  | { readonly asgard: 'start'; readonly environment: Readonly<Record<string, string>> }
  | { readonly asgard: 'measure' };

export type FromAgent =
  | { readonly asgard: 'exchange'; readonly exchange: unknown }
  | { readonly asgard: 'measured'; readonly requests: number };

/** Environment variable that only the agent reads: a module that loads the packages which take time. */
export const PRELOAD_VARIABLE = 'ASGARD_DEV_PRELOAD';

/** Whether a message is ours: the user's code may use the channel too. */
export function isAgentMessage<M extends FromAgent | ToAgent>(message: unknown): message is M {
  return (
    typeof message === 'object' && message !== null && typeof (message as { asgard?: unknown }).asgard === 'string'
  );
}
