/** What each tag named when it was last looked at. Written by scripts/pin-images.ts. */
export const DIGESTS: Readonly<Record<string, string>> = {};
