import { appendFile, readFile } from 'node:fs/promises';
import * as z from 'zod';

export const Notice = z.object({ id: z.string(), organization: z.string(), text: z.string(), by: z.string() });
export type Notice = z.infer<typeof Notice>;

/** Where notices are kept. In a deployment this is a database that the server and every worker reach. */
export interface Notices {
  list(organization: string): Promise<Notice[]>;
  add(notice: Notice): Promise<void>;
}

/** One line of JSON for each notice, in a file that other processes may add to. */
export function createFileNotices(file: string): Notices {
  return {
    async list(organization) {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      const notices = text.split('\n').flatMap((line) => (line === '' ? [] : [Notice.parse(JSON.parse(line))]));
      return notices.filter((notice) => notice.organization === organization);
    },
    add: (notice) => appendFile(file, `${JSON.stringify(notice)}\n`),
  };
}

/** The resource that shows an organization's notices. */
export function noticesUri(organization: string): string {
  return `notices://${encodeURIComponent(organization)}`;
}
