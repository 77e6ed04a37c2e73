import { parseGripUrl } from '@asgard/grip';
import { createXpubPublisher } from '@asgard/grip/zeromq';
import { OdinError } from '../errors.ts';
import type { HermodOptions } from '../hermod/options.ts';
import type { OdinServerOptions } from '../options.ts';

/** The parts of the options that differ between places, not between programs. */
export type EnvironmentOptions = Pick<OdinServerOptions, 'url' | 'auth' | 'hermod'>;

/**
 * Options from the environment, as `asgard dev` and `asgard infra` set it.
 *
 * | variable | option |
 * | --- | --- |
 * | `ASGARD_URL` | `url`: the public URL of the MCP endpoint |
 * | `ASGARD_ISSUER` | `auth.issuer` |
 * | `ASGARD_AUTH=none` | no `auth`, said on purpose |
 * | `GRIP_URL` | `hermod`: `tcp://host:port[,host:port]?verify-key=…&verify-iss=…` |
 *
 * @throws OdinError `bad_option` when neither `ASGARD_ISSUER` nor `ASGARD_AUTH=none` is set
 */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): EnvironmentOptions {
  const { ASGARD_URL: url, ASGARD_ISSUER: issuer, ASGARD_AUTH: auth, GRIP_URL: gripUrl } = env;
  if (!issuer && auth !== 'none') {
    throw new OdinError(
      'bad_option',
      'ASGARD_ISSUER is not set, so nobody could be asked for a token. Set it (and ASGARD_URL), run the server with "asgard dev", or say ASGARD_AUTH=none to serve everybody.',
    );
  }
  const proxy = gripUrl ? hermodOf(gripUrl) : undefined;
  return {
    ...(url && { url }),
    ...(issuer && auth !== 'none' && { auth: { issuer } }),
    ...(proxy && { hermod: proxy }),
  };
}

function hermodOf(gripUrl: string): HermodOptions {
  const endpoint = parseGripUrl(gripUrl);
  if (endpoint.kind !== 'zeromq') {
    throw new OdinError(
      'bad_option',
      'GRIP_URL: use tcp://host:port, the address of push_in_sub_specs. An http:// address cannot tell when a stream is held.',
    );
  }
  const { urls, verifyKeys: keys, verifyIssuer: issuer } = endpoint;
  if (keys.length === 0) {
    throw new OdinError(
      'bad_option',
      'GRIP_URL: has no verify-key, so no request could be told to come from the proxy.',
    );
  }
  return { publisher: createXpubPublisher({ urls }), keys, ...(issuer !== undefined && { issuer }) };
}
