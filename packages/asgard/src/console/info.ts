/** What the page says about the project and how to reach it. */
export interface ConsoleInfo {
  readonly version: string;
  /** Name of the project. */
  readonly name: string;
  readonly mcpUrl: string;
  readonly issuer: string;
  readonly users: readonly { readonly username: string; readonly organizations: string }[];
}
