/**
 * Tells every subscriber of `subscriptions/listen` that something changed, on whatever replica its stream was
 * opened. Resolves when the message is with the proxy (or with the local streams); rejects when it cannot be sent.
 */
export interface Notify {
  toolsChanged(): Promise<void>;
  promptsChanged(): Promise<void>;
  resourcesChanged(): Promise<void>;
  /** @param uri exactly as clients subscribe to it */
  resourceUpdated(uri: string): Promise<void>;
}
