import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { Ingress, NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Namespace, Service } from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { TAGS } from '../../../packages/asgard/src/infra/images.ts';
import { SECRET_NAMES } from '../../../packages/asgard/src/infra/secrets.ts';
import { issuerOf, mcpUrlOf } from '../../../packages/asgard/src/infra/settings.ts';
import { kubernetesSettings } from './committed.ts';

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  ports: { name: string }[];
  readinessProbe: { httpGet?: { path: string; port: string }; tcpSocket?: { port: string } };
  livenessProbe: { httpGet?: { path: string } };
  startupProbe: object;
  lifecycle: { preStop: object };
  resources: { requests: object; limits: { memory: string } };
  securityContext: { allowPrivilegeEscalation: boolean; capabilities: { drop: string[] } };
}
interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  spec: {
    selector?: { matchLabels?: Record<string, string>; app?: string };
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        containers: Container[];
        securityContext: { runAsNonRoot: boolean };
        volumes?: { configMap?: { name: string } }[];
        terminationGracePeriodSeconds: number;
      };
    };
    scaleTargetRef?: { kind: string; name: string };
    ports?: { targetPort: string }[];
    replicas?: number;
  };
}

const folder = fileURLToPath(new URL('../../../infra/kubernetes/', import.meta.url));
const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as {
  resources: string[];
  configMapGenerator: { name: string; files: string[] }[];
};
const manifests = kustomization.resources.flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { uniqueKeys: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  }),
);
const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
const containers = workloads.flatMap(({ spec }) => spec.template.spec.containers);
const find = (kind: string, name: string): Manifest | undefined =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

/** Each checks its kind against the API's own JSON schema. */
const KINDS = {
  Deployment,
  StatefulSet,
  Service,
  Namespace,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  HorizontalPodAutoscaler,
};

function validate(manifest: Manifest): void {
  const Kind = KINDS[manifest.kind as keyof typeof KINDS] as unknown as new (data: Manifest) => { validate(): void };
  new Kind(manifest).validate();
}

test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
  '%s is valid',
  (_, manifest) => {
    expect(() => validate(manifest)).not.toThrow();
  },
);

test('the schema finds a wrong field type', () => {
  const odin = structuredClone(find('Deployment', 'odin'));
  if (odin === undefined) throw new Error('no odin');
  Object.assign(odin.spec, { replicas: 'two' });
  expect(() => validate(odin)).toThrow();
});

test('every file is in the kustomization, every mounted map is made, every rendered file is used', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
  expect(files.sort()).toEqual([...kustomization.resources].sort());
  const maps = kustomization.configMapGenerator.map(({ name }) => name);
  for (const { spec } of workloads) {
    for (const { configMap } of spec.template.spec.volumes ?? []) if (configMap) expect(maps).toContain(configMap.name);
  }
  const rendered = readdirSync(join(folder, 'config')).map((file) => `config/${file}`);
  expect(kustomization.configMapGenerator.flatMap(({ files: used }) => used).sort()).toEqual(rendered.sort());
});

describe.each(workloads.map((workload) => [workload.metadata.name, workload] as const))('%s', (name, { spec }) => {
  const pod = spec.template.spec;
  test('is probed, limited, drained, and has no privileges', () => {
    expect(pod.securityContext.runAsNonRoot).toBe(true);
    for (const container of pod.containers) {
      for (const part of ['readinessProbe', 'livenessProbe', 'startupProbe', 'resources'] as const) {
        expect(container, part).toHaveProperty(part);
      }
      expect(container.lifecycle.preStop).toBeDefined();
      expect(container.resources.limits.memory).toMatch(/^\d+[MG]i$/);
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  test('is found by a service, a budget and a network policy', () => {
    const labels = spec.template.metadata.labels;
    expect(spec.selector?.matchLabels).toEqual({ app: labels.app });
    expect(find('Service', name)?.spec.selector).toEqual({ app: labels.app });
    expect(find('PodDisruptionBudget', name)?.spec.selector?.matchLabels).toEqual({ app: labels.app });
    expect(find('NetworkPolicy', name)).toBeDefined();
    const ports = pod.containers.flatMap((container) => container.ports.map((port) => port.name));
    for (const { targetPort } of find('Service', name)?.spec.ports ?? []) expect(ports).toContain(targetPort);
  });
});

test('Odin is probed where it answers, scaled, and named as tokens name it', () => {
  const [odin] = find('Deployment', 'odin')?.spec.template.spec.containers ?? [];
  expect(odin?.livenessProbe.httpGet?.path).toBe('/.odin/live');
  expect(odin?.readinessProbe.httpGet?.path).toBe('/.odin/ready');
  expect(find('HorizontalPodAutoscaler', 'odin')?.spec.scaleTargetRef).toMatchObject({
    kind: 'Deployment',
    name: 'odin',
  });
  // The autoscaler owns the number.
  expect(find('Deployment', 'odin')?.spec.replicas).toBeUndefined();
  const value = (name: string) => odin?.env?.find((entry) => entry.name === name)?.value;
  expect(value('ASGARD_URL')).toBe(mcpUrlOf(kubernetesSettings()));
  expect(value('ASGARD_ISSUER')).toBe(issuerOf(kubernetesSettings()));
});

test('every server connects to every Pushpin', () => {
  const [odin] = find('Deployment', 'odin')?.spec.template.spec.containers ?? [];
  const url = odin?.env?.find(({ name }) => name === 'GRIP_URL')?.value ?? '';
  const replicas = find('StatefulSet', 'hermod')?.spec.replicas ?? 0;
  const wanted = Array.from({ length: replicas }, (_, at) => `hermod-${at}.hermod-pods:5562`);
  expect(url.slice('tcp://'.length, url.indexOf('?')).split(',')).toEqual(wanted);
});

test('no secret is written down, and each comes from the one that the guide makes', () => {
  for (const { env = [] } of containers) {
    for (const { name, value, valueFrom } of env) {
      if (/PASSWORD|SECRET|_KEY$/.test(name)) expect(value, name).toBeUndefined();
      const reference = valueFrom?.secretKeyRef;
      if (reference) expect([...SECRET_NAMES, 'DATABASE_URL', 'REDIS_URL']).toContain(reference.key);
    }
  }
  expect(manifests.some(({ kind }) => kind === 'Secret')).toBe(false);
});

test('the images are those of compose', () => {
  const known: string[] = Object.values(TAGS);
  for (const { image } of containers) if (!image.startsWith('asgard/')) expect(known).toContain(image.split('@')[0]);
});

const kubectl = (() => {
  try {
    return execFileSync('kubectl', ['version', '--client'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
})();

test.skipIf(!kubectl)('kustomize builds it', () => {
  const built = parseAllDocuments(execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' }));
  const kinds = built.map((document) => (document.toJS() as Manifest).kind);
  expect(kinds.filter((kind) => kind === 'ConfigMap')).toHaveLength(3);
  expect(kinds).toHaveLength(manifests.length + 3);
});
