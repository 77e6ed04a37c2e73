import type { DevStackEvent } from '@asgard/devstack';
import type { InfraSettings } from '../infra/settings.ts';
import type { Refusal } from './refusals.ts';

/** What stands in front of the server while it is developed. `startDevStack` of @asgard/devstack makes one; so may a test. */
export interface Stack {
  /** Public origin, `http://localhost:7999`. */
  readonly url: string;
  readonly mcpUrl: string;
  readonly issuer: string;
  /** For the server's process: `ASGARD_URL`, `ASGARD_ISSUER`, `GRIP_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly users: readonly DevUser[];
  close(): Promise<void>;
}

export interface DevUser {
  readonly username: string;
  readonly password: string;
  readonly organization: string;
  /** More organizations of the same user. @default [] */
  readonly otherOrganizations?: readonly string[];
}

/** All organizations of a user, for people. */
export function formatOrganizations({ organization, otherOrganizations = [] }: DevUser): string {
  return [organization, ...otherOrganizations].join(', ');
}

export interface StackOptions {
  /** Preferred public port; another one is taken when it is in use. */
  readonly port: number;
  /** Where the user's server listens, on 127.0.0.1. */
  readonly serverPort: number;
  /** Routes, edge, and rules for tools. @default those of a project without asgard.json */
  readonly settings?: InfraSettings;
  /** A request was turned away before the server could tell of it. */
  readonly onRefusal: (refusal: Refusal) => void;
  /** Everything that proxy and gateway tell. @default nobody hears it */
  readonly onTraffic?: (event: DevStackEvent) => void;
}

export type StartStack = (options: StackOptions) => Promise<Stack>;
