interface Panel {
  readonly title: string;
  readonly description: string;
  readonly unit: string;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
}

const COLUMNS = 2;
const WIDTH = 12;
const HEIGHT = 8;

/** Names of measures: kong_* of Kong's plugin prometheus, pushpin_* of Pushpin, the rest of Keycloak (Micrometer). */
const PANELS: readonly Panel[] = [
  {
    title: 'Requests by status',
    description: 'At the gateway, a second.',
    unit: 'reqps',
    queries: [{ expr: 'sum by (code) (rate(kong_http_requests_total[1m]))', legend: '{{code}}' }],
  },
  {
    title: 'Refused',
    description: '401: no good token. 403: tool or scope. 413: too large. 429: too many calls.',
    unit: 'reqps',
    queries: [
      {
        expr: 'sum by (code, route) (rate(kong_http_requests_total{code=~"401|403|413|429"}[5m]))',
        legend: '{{code}} {{route}}',
      },
    ],
  },
  {
    title: 'Time of the server',
    description: 'Until the answer is complete; a stream counts with its whole length, so look at the median.',
    unit: 'ms',
    queries: [
      {
        expr: 'histogram_quantile(0.5, sum by (le) (rate(kong_upstream_latency_ms_bucket{service="odin"}[5m])))',
        legend: 'p50',
      },
      {
        expr: 'histogram_quantile(0.99, sum by (le) (rate(kong_upstream_latency_ms_bucket{service="odin"}[5m])))',
        legend: 'p99',
      },
    ],
  },
  {
    title: 'Time of the gateway',
    description: 'Token check, routing and limits. Milliseconds here mean that checked tokens are not cached.',
    unit: 'ms',
    queries: [
      { expr: 'histogram_quantile(0.5, sum by (le) (rate(kong_kong_latency_ms_bucket[5m])))', legend: 'p50' },
      { expr: 'histogram_quantile(0.99, sum by (le) (rate(kong_kong_latency_ms_bucket[5m])))', legend: 'p99' },
    ],
  },
  {
    title: 'Connections held',
    description: 'Clients that Hermod keeps connected.',
    unit: 'short',
    queries: [{ expr: 'sum(pushpin_connection_connected)', legend: 'connected' }],
  },
  {
    title: 'Messages',
    description: 'Published to Hermod and sent on to clients, a second.',
    unit: 'ops',
    queries: [
      { expr: 'sum(rate(pushpin_message_received[1m]))', legend: 'published' },
      { expr: 'sum(rate(pushpin_message_sent[1m]))', legend: 'delivered' },
    ],
  },
  {
    title: 'Memory of the identity provider',
    description: 'Java heap in use.',
    unit: 'bytes',
    queries: [{ expr: 'sum(jvm_memory_used_bytes{job="heimdall", area="heap"})', legend: 'heap' }],
  },
  {
    title: 'Services that answer',
    description: '0: Prometheus cannot reach it.',
    unit: 'short',
    queries: [{ expr: 'up', legend: '{{job}}' }],
  },
];

/** The dashboard of the chain, as Grafana imports it. */
export function renderDashboard(): string {
  const dashboard = {
    uid: 'asgard',
    title: 'Asgard',
    tags: ['asgard', 'mcp'],
    timezone: 'browser',
    refresh: '10s',
    schemaVersion: 39,
    time: { from: 'now-1h', to: 'now' },
    panels: PANELS.map(formatPanel),
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function formatPanel({ title, description, unit, queries }: Panel, index: number): object {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description,
    datasource: { type: 'prometheus', uid: 'prometheus' },
    gridPos: {
      x: (index % COLUMNS) * WIDTH,
      y: Math.floor(index / COLUMNS) * HEIGHT,
      w: WIDTH,
      h: HEIGHT,
    },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      expr,
      legendFormat: legend,
    })),
  };
}
