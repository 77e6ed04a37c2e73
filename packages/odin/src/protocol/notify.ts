/**
 * Tells every subscriber of `subscriptions/listen` that something changed, on whatever replica its stream was
 * opened. Resolves when the message is with the proxy (or with the local streams). While no proxy can be reached, a server's own
 * resolves too, and tells the streams that come back within a minute; that of `createNotifier` rejects.
 */
export interface Notify {
  toolsChanged(): Promise<void>;
  promptsChanged(): Promise<void>;
  resourcesChanged(): Promise<void>;
  /** @param uri exactly as clients subscribe to it */
  resourceUpdated(uri: string): Promise<void>;
  /**
   * For the subscribers of one tenant. `ctx.notify` already is for the tenant of its call; `odin.notify` by itself is
   * for the server's own host.
   *
   * @param host the tenant's host, as in its directory
   */
  forTenant(host: string): Notify;
}
