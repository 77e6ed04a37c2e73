/** Stable reasons why a project was not created; part of the `--json` output. */
export type CreateErrorCode =
  | 'usage'
  | 'name_invalid'
  | 'template_unknown'
  | 'folder_conflict'
  | 'node_too_old'
  | 'write_failed'
  | 'install_failed'
  | 'cancelled';

const EXIT_CODES: Readonly<Record<CreateErrorCode, number>> = {
  usage: 2,
  name_invalid: 2,
  template_unknown: 2,
  folder_conflict: 1,
  node_too_old: 3,
  write_failed: 1,
  install_failed: 1,
  cancelled: 130,
};

/** An end that the user can do something about: one message, one code, one exit code. */
export class CreateError extends Error {
  override readonly name = 'CreateError';
  readonly code: CreateErrorCode;

  constructor(code: CreateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}
