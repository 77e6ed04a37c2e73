import type { JsonObject } from '../protocol/json.ts';
import type { ResolvedAuth } from './resolve.ts';

/** The protected resource metadata document (RFC 9728 section 2). */
export function resourceMetadata(auth: ResolvedAuth, resourceName: string, scopes: readonly string[]): JsonObject {
  return {
    resource: auth.resource,
    authorization_servers: [auth.issuer],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    ...(auth.dpop && { dpop_signing_alg_values_supported: auth.dpop.algorithms }),
    ...(auth.dpop?.required && { dpop_bound_access_tokens_required: true }),
    resource_name: resourceName,
  };
}
