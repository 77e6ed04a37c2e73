import { type Check, ok, skipped, warning } from '../check.ts';

const TOLERANCE_MS = 5_000;

/** Tokens are refused when issuer and server disagree about the time; Odin allows five seconds. */
export const clockCheck: Check = {
  name: 'clock',
  run: async ({ effects, chain, now, signal }) => {
    if (chain?.issuer === undefined) return skipped('no issuer runs to compare with');
    const started = now().getTime();
    let date: string | null;
    try {
      const url = `${chain.issuer}/.well-known/openid-configuration`;
      const response = await effects.fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
      await response.body?.cancel();
      date = response.headers.get('date');
    } catch {
      return skipped('the issuer does not answer');
    }
    if (date === null) return skipped('the issuer does not say what time it is');
    // The header has whole seconds, so half of one is taken for granted.
    const middle = (started + now().getTime()) / 2;
    const skew = Math.abs(new Date(date).getTime() + 500 - middle);
    return skew <= TOLERANCE_MS
      ? ok('the clocks of issuer and this machine agree')
      : warning(
          `the issuer's clock differs by ${Math.round(skew / 1000)} s`,
          'Set the clock of both by NTP. After sleep, the clock of Docker Desktop may lag: restart it.',
        );
  },
};
