import { withClientDocument } from '@asgard/heimdall-client';

/** What else the client's own server answers. */
const app = (): Response => new Response('Desk');

export const handler = withClientDocument(app, {
  url: 'https://desk.example.com/client.json', // the client's id, and where this server is reached
  name: 'Desk',
  redirectUris: ['https://desk.example.com/callback'],
});
