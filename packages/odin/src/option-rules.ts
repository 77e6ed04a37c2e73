import { OdinError } from './errors.ts';

/** Longest time that timers can wait; a longer one they take for none. Milliseconds. */
export const MAX_DELAY_MS = 2_147_483_647;

/** @throws OdinError `bad_option` for anything but a whole number above 0 */
export function wholeNumber(option: string, value: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value > 0 && value <= most) return value;
  const limit = most === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${most}`;
  throw new OdinError('bad_option', `${option}: must be a whole number above 0${limit}, got ${value}.`);
}

/** @throws OdinError `bad_option` for what no timer can wait */
export function delayMs(option: string, value: number): number {
  return wholeNumber(option, value, MAX_DELAY_MS);
}
