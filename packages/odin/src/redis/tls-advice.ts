const NAMES = 'the host in the URL (REDIS_URL) must be one of the names in its certificate';
const TRUST =
  'nobody here trusts who signed its certificate. Give the certificate of that authority in the option ca, or with REDIS_URL in the file that NODE_EXTRA_CA_CERTS names';

/** By the codes of Node.js. */
const ADVICE: ReadonlyMap<unknown, string> = new Map([
  ['SELF_SIGNED_CERT_IN_CHAIN', TRUST],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', TRUST],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', TRUST],
  ['UNABLE_TO_GET_ISSUER_CERT', TRUST],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', TRUST],
  ['ERR_TLS_CERT_ALTNAME_INVALID', NAMES],
]);

/** What to do about a connection that was refused for the server's certificate; nothing for other errors. */
export function adviceOn(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  const advice = ADVICE.get(code);
  return advice === undefined ? '' : `; ${advice}`;
}
