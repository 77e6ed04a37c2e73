/** What the gateway tells about its work. */
export type BifrostEvent =
  | {
      readonly type: 'request';
      readonly requestId: string;
      readonly method: string;
      readonly path: string;
      /** Undefined: no route matched. */
      readonly route: string | undefined;
    }
  | {
      readonly type: 'response';
      readonly requestId: string;
      readonly route: string | undefined;
      readonly status: number;
      readonly durationMs: number;
      /** The client or the service went away before the end. */
      readonly aborted: boolean;
    };
