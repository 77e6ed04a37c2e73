import { infraFiles } from '../../../packages/asgard/src/infra/files.ts';
import type { InfraSettings } from '../../../packages/asgard/src/infra/settings.ts';
import { exampleSettings } from './settings.ts';

export interface CommittedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/** The place that infra/kubernetes is written for. */
export function kubernetesSettings(): InfraSettings {
  return exampleSettings({ publicUrl: 'https://mcp.example.com', corsOrigins: ['https://mcp.example.com'] });
}

/** Every rendered file that is committed. */
export function committedFiles(): readonly CommittedFile[] {
  const mounted = ['hermod/pushpin.conf', 'hermod/routes', 'bifrost/kong.yml', 'heimdall/realm.json'];
  return [
    ...infraFiles(exampleSettings()).map(({ path, content }) => ({ path: `infra/compose/${path}`, content })),
    ...infraFiles(kubernetesSettings())
      .filter(({ path }) => mounted.includes(path))
      .map(({ path, content }) => ({ path: `infra/kubernetes/config/${path.split('/').at(-1)}`, content })),
  ];
}
