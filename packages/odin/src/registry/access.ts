import type { Principal } from '@asgard/heimdall-client';

/** Scopes that the caller lacks; empty when it may. Without a principal nothing is asked: the transport needs no token. */
export function missingScopes(
  required: readonly string[] | undefined,
  principal: Principal | undefined,
): readonly string[] {
  if (!required || required.length === 0 || !principal) return NONE;
  return required.filter((scope) => !principal.scopes.includes(scope));
}

const NONE: readonly string[] = [];
