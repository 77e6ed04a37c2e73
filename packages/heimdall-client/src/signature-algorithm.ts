/** Signature algorithms a verifier may accept. All asymmetric: with a shared secret every reader could also write. */
export type SignatureAlgorithm =
  | `${'RS' | 'PS'}${'256' | '384' | '512'}`
  | `ES${'256' | '384' | '512'}`
  | 'EdDSA'
  | 'Ed25519';

const signatureAlgorithm = /^(?:[RPE]S(?:256|384|512)|EdDSA|Ed25519)$/;

/** Whether a value names an asymmetric signature algorithm. Never throws. */
export function isSignatureAlgorithm(value: unknown): value is SignatureAlgorithm {
  return typeof value === 'string' && signatureAlgorithm.test(value);
}
