import type { Change, Comparison } from './change.ts';
import { objectsOf } from './realm-admin.ts';

/** As the file of the realm makes them. */
const DEMO_USERS = [
  { username: 'freya', email: 'freya@valhalla.example' },
  { username: 'loki', email: 'loki@jotunheim.example' },
];

/** Demo users of a stack that only this machine reached are disabled when the file has them no longer. Nobody else is looked at. */
export async function compareDemoUsers({ admin, wanted }: Comparison): Promise<readonly Change[]> {
  if (objectsOf(wanted.users).length > 0) return [];
  const found = await Promise.all(
    DEMO_USERS.map(async ({ username, email }) => {
      const users = objectsOf(await admin.get(`/users?exact=true&username=${username}`));
      return users.filter((user) => user.email === email && user.enabled === true);
    }),
  );
  return found.flat().map((user) => ({
    text: `demo user ${user.username} disabled`,
    apply: () => admin.put(`/users/${user.id}`, { ...user, enabled: false }),
  }));
}
