import { type DigestOptions, resolveDigest } from './digest.ts';

export interface Pinning {
  /** Image to digest, for every image. */
  readonly digests: Readonly<Record<string, string>>;
  /** Images that are not pinned, or to something else than their tag names now. */
  readonly moved: readonly string[];
}

/** Asks for the digest of every image. All of them, or an error: half a list would look like a whole one. */
export async function pinImages(
  images: readonly string[],
  pinned: Readonly<Record<string, string>>,
  options: DigestOptions = {},
): Promise<Pinning> {
  const found = await Promise.all(images.map(async (image) => [image, await resolveDigest(image, options)] as const));
  return {
    digests: Object.fromEntries(found),
    moved: found.filter(([image, digest]) => pinned[image] !== digest).map(([image]) => image),
  };
}

/** The module that `packages/asgard/src/infra/images.ts` reads. */
export function formatDigests(digests: Readonly<Record<string, string>>): string {
  // As the formatter would: on one line where it fits.
  const lines = Object.keys(digests)
    .sort()
    .map((image) => {
      const line = `  '${image}': '${digests[image]}',\n`;
      return line.length <= 121 ? line : `  '${image}':\n    '${digests[image]}',\n`;
    });
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('')}}`;
  return `/** What each tag named when it was last looked at. Written by scripts/pin-images.ts. */
export const DIGESTS: Readonly<Record<string, string>> = ${body};
`;
}
