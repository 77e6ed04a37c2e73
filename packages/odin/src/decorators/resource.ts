import type { OdinContext } from '../context.ts';
import {
  defineResource,
  type ResourceOptions,
  type ResourceReturn,
  type ResourceVariables,
} from '../define/resource.ts';
import { declare } from './declarations.ts';
import type { MethodDecorator } from './tool.ts';

/**
 * Makes a method a resource, or a family of resources when the URI has `{variables}` (RFC 6570).
 *
 * @throws OdinError `bad_decorator` on a static or private method
 */
export function resource<const U extends string>(
  uri: U,
  options: ResourceOptions = {},
): MethodDecorator<[variables: ResourceVariables<U>, context: OdinContext], ResourceReturn> {
  return (...args: unknown[]): void =>
    declare(args, 'resource', (method) => ({
      method,
      define: (call) => defineResource(uri, { name: method, ...options }, call as never),
    }));
}
