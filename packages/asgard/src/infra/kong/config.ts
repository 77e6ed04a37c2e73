/** A declarative configuration of Kong 3.x, as far as Asgard writes one. Times are milliseconds. */
export interface KongConfig {
  readonly _format_version: '3.0';
  readonly _transform: true;
  /** For every request. */
  readonly plugins: readonly KongPlugin[];
  readonly services: readonly KongService[];
}

export interface KongService {
  readonly name: string;
  readonly url: string;
  readonly connect_timeout: number;
  readonly read_timeout: number;
  readonly write_timeout: number;
  readonly retries: number;
  readonly routes: readonly KongRoute[];
  readonly plugins?: readonly KongPlugin[] | undefined;
}

export interface KongRoute {
  readonly name: string;
  readonly paths: readonly string[];
  readonly hosts?: readonly string[] | undefined;
  readonly methods?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly strip_path: boolean;
  readonly preserve_host: boolean;
  readonly request_buffering: boolean;
  readonly response_buffering: boolean;
  readonly plugins?: readonly KongPlugin[] | undefined;
}

/** kong-oidc takes these words only; a YAML boolean makes Kong refuse to start. */
export type YesNo = 'yes' | 'no';

/** The plugins that Asgard writes, with the fields that it sets. */
export type KongPlugin =
  | Plugin<'oidc', OidcConfig>
  | Plugin<'cors', CorsConfig>
  | Plugin<'pre-function', { readonly access: readonly string[] }>
  | Plugin<'post-function', PostFunctionConfig>
  | Plugin<'rate-limiting', RateLimitingConfig>
  | Plugin<'request-termination', TerminationConfig>
  | Plugin<'request-size-limiting', SizeLimitingConfig>
  | Plugin<'correlation-id', CorrelationIdConfig>
  | Plugin<'prometheus', PrometheusConfig>;

export type PluginName = KongPlugin['name'];

interface Plugin<Name extends string, Config> {
  readonly name: Name;
  readonly config: Config;
}

export interface OidcConfig {
  readonly client_id: string;
  readonly client_secret: string;
  readonly discovery: string;
  readonly realm: string;
  readonly scope: string;
  readonly bearer_only: YesNo;
  readonly unauth_action: 'auth' | 'deny' | 'pass';
  readonly bearer_jwt_auth_enable: YesNo;
  readonly bearer_jwt_auth_allowed_auds: readonly string[];
  readonly bearer_jwt_auth_signing_algs: readonly string[];
  readonly ssl_verify: YesNo;
  readonly timeout: number;
  readonly introspection_endpoint?: string | undefined;
}

export interface CorsConfig {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  /** Absent: whatever the preflight asks for. */
  readonly headers?: readonly string[] | undefined;
  readonly exposed_headers: readonly string[];
  readonly credentials: boolean;
  readonly max_age: number;
}

export interface PostFunctionConfig {
  /** After every other plugin, before the request goes on. */
  readonly access?: readonly string[] | undefined;
  readonly header_filter?: readonly string[] | undefined;
}

export interface RateLimitingConfig {
  readonly minute: number;
  readonly policy: 'local' | 'redis';
  readonly limit_by: string;
  readonly header_name?: string | undefined;
  readonly fault_tolerant: boolean;
}

export interface TerminationConfig {
  readonly status_code: number;
  readonly content_type: string;
  readonly body: string;
}

export interface SizeLimitingConfig {
  readonly allowed_payload_size: number;
  readonly size_unit: 'megabytes' | 'kilobytes' | 'bytes';
  readonly require_content_length: boolean;
}

export interface CorrelationIdConfig {
  readonly header_name: string;
  readonly generator: string;
  readonly echo_downstream: boolean;
}

export interface PrometheusConfig {
  readonly per_consumer: boolean;
  readonly status_code_metrics: boolean;
  readonly latency_metrics: boolean;
  readonly bandwidth_metrics: boolean;
  readonly upstream_health_metrics: boolean;
}
