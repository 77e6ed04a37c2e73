/** An image by its tag, and where its registry answers. */
export interface ImageReference {
  /** As it is written in a compose file. */
  readonly text: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Docker Hub answers under another name than the one it is known by, and its official images have a folder of their own. */
export function parseImage(text: string): ImageReference {
  const [, path = '', tag = ''] = /^(.+):([\w][\w.-]{0,127})$/.exec(text) ?? [];
  if (path === '') throw new Error(`${text} is not an image with a tag.`);
  const [first = '', ...rest] = path.split('/');
  if (rest.length > 0 && /[.:]|^localhost$/.test(first)) {
    return { text, registry: first, repository: rest.join('/'), tag };
  }
  const repository = rest.length === 0 ? `library/${path}` : path;
  return { text, registry: 'registry-1.docker.io', repository, tag };
}
