/** The parts of a compose service that Asgard writes (Compose Specification, "Services"). */
export interface ComposeService {
  readonly image?: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile?: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly init?: boolean;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly expose?: readonly string[];
  readonly extra_hosts?: readonly string[];
  readonly networks: readonly NetworkName[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: 'service_healthy' | 'service_started' }>>;
  readonly profiles?: readonly Profile[];
  readonly healthcheck: Healthcheck;
  readonly restart: 'unless-stopped';
  readonly stop_grace_period?: string;
  readonly ulimits?: { readonly nofile: number };
  readonly labels?: Readonly<Record<string, string>>;
  readonly cap_drop: readonly ['ALL'];
  readonly security_opt: readonly ['no-new-privileges:true'];
  readonly pids_limit: number;
  readonly logging: { readonly driver: 'json-file'; readonly options: Readonly<Record<string, string>> };
  readonly deploy: {
    readonly replicas?: number;
    readonly resources: { readonly limits: { readonly memory: string; readonly cpus: string } };
  };
}

export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: string;
  readonly timeout: string;
  readonly retries: number;
  readonly start_period: string;
  /** Between checks while the service starts, so that it counts as healthy soon after it is. */
  readonly start_interval: string;
}

/** `edge`: what people reach; `core`: between the servers; `data`: the identity provider's database; `outbound`: Odin's way to the world. */
export type NetworkName = 'edge' | 'core' | 'data' | 'outbound';

/** Services that start only when asked for. */
export type Profile = 'inspector' | 'observability';

/** What every service has, whatever it is. */
interface Limits {
  /** `512m`. */
  readonly memory: string;
  readonly cpus: string;
  readonly pids: number;
  readonly replicas?: number;
}

/** No capability, no way to get one, a limit for memory, processor, processes and logs. */
export function hardened({
  memory,
  cpus,
  pids,
  replicas,
}: Limits): Pick<ComposeService, 'restart' | 'cap_drop' | 'security_opt' | 'pids_limit' | 'logging' | 'deploy'> {
  return {
    restart: 'unless-stopped',
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    pids_limit: pids,
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    deploy: { ...(replicas === undefined ? {} : { replicas }), resources: { limits: { memory, cpus } } },
  };
}

/** A check by a program of the image. */
export function healthcheck(test: readonly string[], startPeriod = '30s'): Healthcheck {
  return { test, interval: '10s', timeout: '5s', retries: 6, start_period: startPeriod, start_interval: '1s' };
}

/** A variable that compose must find, in the env file or around it; without it nothing starts. */
export function required(name: string): string {
  return `\${${name}:?run asgard infra up}`;
}
