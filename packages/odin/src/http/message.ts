/** One HTTP request, whatever server it came through. Header names are lower case. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: string;
  /** Of the connection itself, never from a header; undefined where that is not known. */
  readonly peer?: Peer | undefined;
  /** undefined when absent; the values joined by ", " when sent more than once. */
  header(name: string): string | undefined;
  /** @throws BodyTooLarge, BodyUnreadable */
  readBody(maxBytes: number): Promise<string>;
  /** Called once if the connection closes before the answer is complete. */
  onDisconnect(listener: () => void): void;
  /** Lets go of the server's own message, for work that outlives it. Only path and query may be read after that. */
  release(): void;
}

/** Who is at the other end of the connection. */
export interface Peer {
  readonly address?: string;
  /** Subject of a client certificate that this server has verified, its parts in order, as in `O=Asgard,CN=bifrost`. */
  readonly certificateSubject?: string;
}

export type HttpHeaders = Readonly<Record<string, string>>;

/** Where the answer goes: one complete body, or a stream. Exactly one of both is called, once. */
export interface HttpResponder {
  send(status: number, headers: HttpHeaders, body?: string): void;
  stream(status: number, headers: HttpHeaders): HttpStream;
  /** Resolves when what was sent has been handed to the network, or cannot be any more, and lets go of the server's own response. */
  sent(): Promise<void>;
}

export interface HttpStream {
  /** Resolves when the reader can take more. */
  write(chunk: string): void | Promise<void>;
  end(): void;
}

export class BodyTooLarge extends Error {}
export class BodyUnreadable extends Error {}
