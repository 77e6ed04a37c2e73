/** Free ports of 127.0.0.1 that one Pushpin takes. */
export interface PushpinPorts {
  readonly http: number;
  readonly push: number;
  readonly publish: number;
  readonly subscriber: number;
  /** Of the origin that answers while nobody knows yet whether it holds. */
  readonly probe: number;
}

/** The settings that Asgard ships; each is explained in docs/operations/pushpin.md. */
export function formatPushpinConfig(
  folder: string,
  ports: PushpinPorts,
  { key, issuer = 'asgard' }: { readonly key: string; readonly issuer?: string },
): string {
  return `[global]
include={libdir}/internal.conf
rundir=${folder}
ipc_prefix=p-
port_offset=0

[runner]
services=condure,zurl,pushpin-proxy,pushpin-handler
http_port=127.0.0.1:${ports.http}
logdir=${folder}
log_level=2
client_buffer_size=16384
client_maxconn=50000

[proxy]
routesfile=routes
debug=false
accept_x_forwarded_protocol=false
set_x_forwarded_protocol=proto-only
x_forwarded_for=truncate:0,append
sig_iss=${issuer}
sig_key=${key}
updates_check=off
zurl_out_specs=ipc://{rundir}/{ipc_prefix}zurl-in
zurl_out_stream_specs=ipc://{rundir}/{ipc_prefix}zurl-in-stream
zurl_in_specs=ipc://{rundir}/{ipc_prefix}zurl-out

[handler]
push_in_spec=tcp://127.0.0.1:${ports.push}
push_in_sub_specs=tcp://127.0.0.1:${ports.subscriber}
push_in_sub_connect=false
push_in_http_addr=127.0.0.1
push_in_http_port=${ports.publish}
stats_spec=ipc://{rundir}/{ipc_prefix}stats
command_spec=ipc://{rundir}/{ipc_prefix}command
message_rate=0
message_hwm=0
message_wait=5000
id_cache_ttl=60
connection_subscription_max=20
subscription_linger=60
stats_subscription_ttl=60
`;
}
