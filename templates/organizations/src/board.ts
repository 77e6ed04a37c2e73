import { type OdinContext, type OdinServer, RpcError, ToolError } from '@asgard/odin';
import * as z from 'zod';
import { Notice, type Notices, noticesUri } from './notices.ts';

const Post = z.object({ text: z.string().min(1).max(500).describe('What to tell the organization') });
const List = z.object({ notices: z.array(Notice) });
const Sure = z.object({ audience: z.enum(['everyone', 'nobody']).describe('Who shall see it') });

/** Who belongs to an organization sees that organization's notices, and no others. */
export function registerBoard(odin: OdinServer, notices: Notices): void {
  // `organization: true`: a member of any. The caller's token says of which.
  odin.tool({ name: 'list', description: 'Read the notices', organization: true, output: List }, async (ctx) => ({
    notices: await notices.list(organizationOf(ctx)),
  }));

  // Without the scope the tool is not listed, and a call is answered with a challenge that names it.
  odin.tool(
    {
      name: 'post',
      description: 'Post a notice to your organization',
      organization: true,
      scopes: ['notices:write'],
      input: Post,
    },
    async ({ text }, ctx) => {
      const organization = organizationOf(ctx);
      const id = await ctx.remember('id', () => crypto.randomUUID()); // made once, also when the call is continued elsewhere
      const message = `Post "${text}" for ${organization}?`;
      const answer = await ctx.elicit('audience', { message, schema: Sure });
      if (answer.action !== 'accept' || answer.content.audience === 'nobody') return 'Not posted.';
      await notices.add({ id, organization, text, by: ctx.principal?.username ?? 'unknown' });
      await ctx.notify.resourceUpdated(noticesUri(organization));
      return `Posted to ${organization}.`;
    },
  );

  odin.resource(
    'notices://{organization}',
    { description: 'The notices of an organization', mimeType: 'application/json', organization: true },
    async ({ organization }, ctx) => {
      if (organization !== organizationOf(ctx))
        throw new RpcError(-32602, `Resource not found: ${noticesUri(organization)}`);
      return { notices: await notices.list(organization) };
    },
  );
}

/** The organization that the caller acts for. */
function organizationOf({ principal }: OdinContext): string {
  const [first, ...others] = principal?.organizations ?? [];
  if (first === undefined) throw new ToolError('You belong to no organization.');
  if (others.length > 0) throw new ToolError('Your token names several organizations. Sign in for one of them.');
  return first.alias;
}
