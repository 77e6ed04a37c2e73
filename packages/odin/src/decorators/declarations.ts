import type { Definition } from '../define/definition.ts';
import { OdinError } from '../errors.ts';
import { METADATA } from './symbol-metadata.ts';

/** A decorated method before there is an object to call it on. */
export interface Declaration {
  readonly method: string;
  /** Makes the definition; `call` invokes the method on the registered object. */
  readonly define: (call: (...args: never[]) => unknown) => Definition;
}

/** Keyed by a class's decorator metadata (standard decorators) or by its prototype (legacy call shape). */
const declared = new WeakMap<object, Declaration[]>();

/** A decorator that works in both call shapes: `(method, context)` of TC39 and `(target, key, descriptor)` of `experimentalDecorators`. */
export function declare(args: readonly unknown[], decorator: string, define: (method: string) => Declaration): void {
  const [target, second] = args;
  if (isMethodContext(second)) {
    if (second.kind !== 'method' || second.static || second.private) {
      throw new OdinError(
        'bad_decorator',
        `@${decorator} on "${String(second.name)}": only public instance methods can be decorated.`,
      );
    }
    add(second.metadata ?? noMetadata(decorator), define(nameOf(second.name, decorator)));
    return;
  }
  if (typeof target === 'object' && target !== null && (typeof second === 'string' || typeof second === 'symbol')) {
    add(target, define(nameOf(second, decorator)));
    return;
  }
  throw new OdinError(
    'bad_decorator',
    `@${decorator}: put it on a public instance method, and call it with its options: @${decorator}({ … }).`,
  );
}

/** All definitions of an object's class and its superclasses, base class first; a subclass replaces what it declares again. */
export function definitionsOf(instance: object): Definition[] {
  const byMethod = new Map<string, Declaration>();
  for (const prototype of prototypesOf(instance)) {
    for (const declaration of declarationsOn(prototype)) byMethod.set(declaration.method, declaration);
  }
  return [...byMethod.values()].map(({ method, define }) =>
    define((...args: never[]) => (instance as Record<string, (...args: never[]) => unknown>)[method]?.(...args)),
  );
}

function declarationsOn(prototype: object): readonly Declaration[] {
  const owner: unknown = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined;
  const metadata =
    typeof owner === 'function' && Object.hasOwn(owner, METADATA)
      ? (owner as unknown as Record<symbol, object | undefined>)[METADATA]
      : undefined;
  return [...((metadata && declared.get(metadata)) ?? []), ...(declared.get(prototype) ?? [])];
}

function prototypesOf(instance: object): object[] {
  const chain: object[] = [];
  for (
    let at: object | null = Object.getPrototypeOf(instance);
    at && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    chain.unshift(at);
  }
  return chain;
}

function add(owner: object, declaration: Declaration): void {
  const list = declared.get(owner);
  if (list) list.push(declaration);
  else declared.set(owner, [declaration]);
}

function isMethodContext(value: unknown): value is ClassMethodDecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;
}

function nameOf(name: string | symbol, decorator: string): string {
  if (typeof name === 'string') return name;
  throw new OdinError('bad_decorator', `@${decorator}: a method with a symbol for a name cannot be decorated.`);
}

function noMetadata(decorator: string): never {
  throw new OdinError(
    'bad_decorator',
    `@${decorator}: the compiler gave no decorator metadata. Import '@asgard/odin' before the decorated class, and compile with TypeScript 5.2 or later, esbuild, or the legacy experimentalDecorators option.`,
  );
}
