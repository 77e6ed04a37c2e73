import { HeimdallError } from './errors.ts';

/** A synchronous SHA-256 of text, in any encoding that keeps every bit. */
export type Sha256 = (text: string) => string;

interface NodeCrypto {
  hash?(algorithm: string, data: string, encoding: string): string;
}

interface BuiltinModules {
  getBuiltinModule?(id: string): unknown;
}

/**
 * The runtime's own one-shot SHA-256 (Node, Deno, Bun, workerd with Node compatibility), looked up without an import so that this
 * package loads everywhere. WebCrypto is not used: its digest is asynchronous and costs more than twenty times as much.
 *
 * @throws HeimdallError `bad_option` when the runtime has none: pass the option `hash`
 */
export function systemSha256(): Sha256 {
  const { process } = globalThis as { process?: BuiltinModules };
  const crypto = process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined;
  const hash = crypto?.hash;
  if (!hash) {
    throw new HeimdallError(
      'bad_option',
      'This runtime has no synchronous SHA-256: pass one in the option "hash", for example sha256 of @noble/hashes.',
    );
  }
  return (text) => hash('sha256', text, 'base64url');
}
