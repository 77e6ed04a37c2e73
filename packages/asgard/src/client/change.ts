/** What a server's subscribers can be told. */
export type Change =
  | { readonly kind: 'resource'; readonly uri: string }
  | { readonly kind: 'tools' | 'prompts' | 'resources' };

export const CHANGE_KINDS = ['resource', 'tools', 'prompts', 'resources'] as const;

export interface PublishOptions {
  readonly change: Change;
  /** As in the server's environment; only where to publish is read from it. */
  readonly gripUrl: string;
  /** The server's `url`, to the letter. */
  readonly server: string;
  readonly signal: AbortSignal;
}
