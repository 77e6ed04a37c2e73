import { REGISTRATION_RULE } from '../../packages/asgard/src/infra/registration-rule.ts';
import { applyBodyRule } from '../../packages/devstack/src/bifrost/body-rule.ts';

/** The way through the gateway, as far as it matters to a realm: of a registration only what the rule of `asgard infra` lets through arrives. */
export function throughGateway(fetcher: typeof fetch): typeof fetch {
  return async (input, init) => {
    const isRegistration = init?.method === 'POST' && String(input).includes('/clients-registrations/');
    if (!isRegistration || typeof init.body !== 'string') return fetcher(input, init);
    const ruled = applyBodyRule(REGISTRATION_RULE, init.body);
    if (!ruled.ok) return new Response(ruled.problem, { status: 400 });
    return fetcher(input, { ...init, body: ruled.body });
  };
}
