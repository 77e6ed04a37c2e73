/** Stable reasons why a command ended badly. */
export type AsgardErrorCode =
  | 'usage'
  | 'entry_missing'
  | 'already_running'
  | 'not_running'
  | 'sign_in_failed'
  | 'connect_failed'
  | 'token_missing'
  | 'scope_missing'
  | 'call_failed'
  | 'node_too_old'
  | 'bad_settings'
  | 'bad_file'
  | 'engine_missing'
  | 'engine_failed'
  | 'port_taken'
  | 'unhealthy'
  | 'not_up'
  | 'realm_failed'
  | 'file_exists'
  | 'timed_out'
  | 'cancelled';

const EXIT_CODES: Readonly<Partial<Record<AsgardErrorCode, number>>> = {
  usage: 2,
  entry_missing: 2,
  node_too_old: 3,
  bad_settings: 2,
  engine_missing: 3,
  unhealthy: 4,
  timed_out: 4,
  cancelled: 130,
};

/** An end that the user can do something about. The message says what. */
export class AsgardError extends Error {
  override readonly name = 'AsgardError';
  readonly code: AsgardErrorCode;

  constructor(code: AsgardErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** 1 failed, 2 usage, 3 missing prerequisite, 4 timed out, 130 Ctrl-C. */
  get exitCode(): number {
    return EXIT_CODES[this.code] ?? 1;
  }
}

/** The server wants scopes that the token does not have (RFC 6750 section 3.1, `insufficient_scope`). */
export class ScopeMissingError extends AsgardError {
  /** All that the request needs, as far as the server says. */
  readonly scopes: readonly string[];

  constructor(message: string, scopes: readonly string[], options?: ErrorOptions) {
    super('scope_missing', message, options);
    this.scopes = scopes;
  }
}
