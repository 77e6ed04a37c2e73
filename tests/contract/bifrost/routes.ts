import type { GatewayRoute } from '@asgard/devstack';
import { REGISTRATION_RULE } from '../../../packages/asgard/src/infra/registration-rule.ts';

export const ALLOWED_ORIGIN = 'http://localhost:6274';

/** Its tokens are for the service to check. */
export const TENANT_HOST = 'tenant.example.com';

/** The routes that a gateway under test must serve, given the origin of the service. A real gateway is configured to the same. */
export function contractRoutes(service: string): GatewayRoute[] {
  return [
    { name: 'mcp', paths: ['/mcp'], upstream: service, cors: { origins: [ALLOWED_ORIGIN, 'http://localhost:3000'] } },
    {
      name: 'admin-tools',
      paths: ['/mcp'],
      methods: ['POST'],
      headers: { 'mcp-method': ['tools/call'], 'mcp-name': ['~*^admin_'] },
      upstream: `${service}/admin`,
    },
    { name: 'heimdall', paths: ['/heimdall'], upstream: service, stripPath: true },
    { name: 'heimdall-realms', paths: ['/heimdall/realms'], upstream: `${service}/realms-service` },
    { name: 'protected-resource', paths: ['/.well-known/oauth-protected-resource'], upstream: service },
    { name: 'exact', paths: ['/mcp/exact'], match: 'exact', upstream: `${service}/exactly` },
    { name: 'own-host', paths: ['/own-host'], upstream: service, preserveHost: false },
    { name: 'limited', paths: ['/limited'], upstream: service, perMinute: 2 },
    {
      name: 'denied-tools',
      paths: ['/mcp'],
      methods: ['POST'],
      headers: { 'mcp-method': ['tools/call'], 'mcp-name': ['drop_everything'] },
      answer: { status: 403, body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32003,"message":"denied"}}' },
      cors: { origins: [ALLOWED_ORIGIN] },
    },
    { name: 'guarded', paths: ['/guarded'], upstream: service, needsToken: true, cors: { origins: [ALLOWED_ORIGIN] } },
    {
      name: 'guarded-tenants',
      paths: ['/guarded'],
      hosts: [TENANT_HOST],
      upstream: service,
      cors: { origins: [ALLOWED_ORIGIN] },
    },
    { name: 'registration', paths: ['/registration'], match: 'exact', upstream: service, body: REGISTRATION_RULE },
    { name: 'dead', paths: ['/dead'], upstream: 'http://127.0.0.1:1' },
  ];
}
