import type { Exchange } from './exchange.ts';
import type { Refusal } from './refusals.ts';

/** What happens while a server is developed. */
export type DevEvent =
  | { readonly kind: 'listening'; readonly durationMs: number; readonly restart: boolean }
  | { readonly kind: 'exchange'; readonly exchange: Exchange }
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'build-failed'; readonly message: string }
  | { readonly kind: 'crashed'; readonly exitCode: number | null }
  /** The server runs but does not listen on the port that it was given. */
  | { readonly kind: 'silent'; readonly port: number };
