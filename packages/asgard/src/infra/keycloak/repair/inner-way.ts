import { AsgardError } from '../../../errors.ts';
import type { Compose } from '../../engine/compose.ts';
import { formatHttpRequest, type HttpAnswer, type HttpRequest, parseHttpAnswer } from './http-text.ts';

/** The image has bash and no HTTP client. What is sent, a password among it, comes by the standard input and so is in no list of processes. */
export function innerWayScript(port: number): string {
  return `exec 3<>/dev/tcp/127.0.0.1/${port} && cat >&3 && cat <&3`;
}

/**
 * Asks Keycloak from inside its own container. The gateway leads administrators nowhere unless only this machine reaches it, and no port of
 * Keycloak is published.
 */
export function createInnerWay(compose: Compose): (request: HttpRequest) => Promise<HttpAnswer> {
  return async (request) => {
    const command = ['bash', '-c', innerWayScript(8080)];
    const answer = parseHttpAnswer(await compose.exec('heimdall', { command, input: formatHttpRequest(request) }));
    if (answer !== undefined) return answer;
    throw new AsgardError('realm_failed', `Keycloak gave no whole answer to ${request.method} ${request.path}.`);
  };
}
