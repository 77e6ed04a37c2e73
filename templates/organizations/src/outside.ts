import type { Notify } from '@asgard/odin';
import { type Notices, noticesUri } from './notices.ts';

/** Posts without the server: keeps the notice, then tells whoever subscribed to the organization's notices. */
export async function postFromOutside(
  { organization, text }: { organization: string; text: string },
  { notices, notify }: { notices: Notices; notify: Notify },
): Promise<void> {
  await notices.add({ id: crypto.randomUUID(), organization, text, by: 'worker' });
  await notify.resourceUpdated(noticesUri(organization));
}
