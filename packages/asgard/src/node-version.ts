/** The oldest Node that Asgard runs on. */
export const OLDEST_NODE = '20.19';

/** Whether a version of Node, without the leading `v`, is that or a newer one. */
export function isNodeSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
