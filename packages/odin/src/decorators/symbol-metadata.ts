// Node has no Symbol.metadata yet, and compilers that emit standard decorators look it up when a class is
// evaluated. This module is imported first by the package's entry, so it runs before any decorated class.
const holder = Symbol as { metadata?: symbol };
if (holder.metadata === undefined) {
  Object.defineProperty(Symbol, 'metadata', { value: Symbol.for('Symbol.metadata'), configurable: true });
}

/** The key under which a class keeps the metadata of its decorators (TC39 decorator metadata proposal). */
export const METADATA: symbol = holder.metadata ?? Symbol.for('Symbol.metadata');
