/** Settings of the project, beside its package.json. */
export const CONFIG_FILE = 'asgard.json';

/** The text of asgard.json with other `infra.paramHeaders`; all else in it stays. The text was read as settings before, so it is JSON of that shape. */
export function writeParamHeaders(text: string | undefined, paramHeaders: readonly string[]): string {
  const config = JSON.parse(text ?? '{}') as { infra?: Readonly<Record<string, unknown>> };
  return `${JSON.stringify({ ...config, infra: { ...config.infra, paramHeaders } }, undefined, 2)}\n`;
}
