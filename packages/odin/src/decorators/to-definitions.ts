import type { Definition } from '../define/definition.ts';
import { OdinError } from '../errors.ts';
import { definitionsOf } from './declarations.ts';

/**
 * What an item that is registered offers: itself, or its decorated methods.
 *
 * @throws OdinError `bad_decorator` for an object without any
 */
export function toDefinitions(item: Definition | object): readonly Definition[] {
  if (isDefinition(item)) return [item];
  const definitions = definitionsOf(item);
  if (definitions.length === 0) {
    throw new OdinError(
      'bad_decorator',
      `register: ${item.constructor?.name ?? 'the object'} has no method decorated with @tool, @resource or @prompt.`,
    );
  }
  return definitions;
}

function isDefinition(item: object): item is Definition {
  return 'kind' in item && 'handler' in item && typeof item.handler === 'function';
}
