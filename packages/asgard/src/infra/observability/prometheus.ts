import { stringify } from 'yaml';
import type { InfraSettings } from '../settings.ts';

/** Where each service shows its measures, on the inner network. */
const TARGETS = [
  { job: 'bifrost', target: 'bifrost:8100', path: '/metrics' },
  { job: 'hermod', target: 'hermod:9100', path: '/metrics' },
  { job: 'heimdall', target: 'heimdall:9000', path: '/metrics' },
] as const;

/** prometheus.yml. */
export function renderPrometheus({ project }: InfraSettings): string {
  return `# Made by "asgard infra".\n${stringify({
    global: { scrape_interval: '10s', scrape_timeout: '5s', external_labels: { stack: project } },
    scrape_configs: TARGETS.map(({ job, target, path }) => ({
      job_name: job,
      metrics_path: path,
      static_configs: [{ targets: [target] }],
    })),
  })}`;
}

/** Tells Grafana where the measures and the dashboards are. */
export function renderGrafanaSource(): string {
  return stringify({
    apiVersion: 1,
    datasources: [
      {
        name: 'Prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        access: 'proxy',
        url: 'http://prometheus:9090',
        isDefault: true,
        editable: false,
      },
    ],
  });
}

/** Tells Grafana to show the dashboards of a folder. */
export function renderGrafanaProvider(): string {
  return stringify({
    apiVersion: 1,
    providers: [{ name: 'asgard', type: 'file', disableDeletion: true, options: { path: '/etc/grafana/dashboards' } }],
  });
}
