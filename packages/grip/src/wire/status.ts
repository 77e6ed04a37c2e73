import { GripError } from '../errors.ts';
import { checkText, GRIP_HEADERS } from './fields.ts';

/** The status line that the client sees in place of the origin's own. */
export interface HoldStatus {
  readonly code: number;
  readonly reason?: string;
}

/** Refuses status codes that cannot start a held answer. */
export function checkStatusCode(field: string, code: number): number {
  if (!Number.isInteger(code) || code < 200 || code > 599) {
    throw new GripError('illegal_value', `${field} must be a status code from 200 to 599, not ${code}`, { field });
  }
  return code;
}

/** Refuses a reason phrase that a status line cannot carry. */
export function checkReason(field: string, reason: string): string {
  checkText(field, reason);
  if (reason === '' || reason !== reason.trim()) {
    throw new GripError('illegal_value', `${field} must not be empty or have spaces at its ends`, { field });
  }
  return reason;
}

/** Writes the value of `Grip-Status`. */
export function formatStatus({ code, reason }: HoldStatus): string {
  const field = GRIP_HEADERS.status;
  checkStatusCode(field, code);
  return reason === undefined ? String(code) : `${code} ${checkReason(field, reason)}`;
}

/** Reads the value of `Grip-Status`. */
export function parseStatus(text: string): HoldStatus {
  const field = GRIP_HEADERS.status;
  const match = /^([2-5]\d\d)(?: (.*))?$/.exec(text);
  if (!match)
    throw new GripError('invalid_field', `${field} ${JSON.stringify(text)} is not a status from 200 to 599`, { field });
  const reason = match[2]?.trim();
  return reason ? { code: Number(match[1]), reason } : { code: Number(match[1]) };
}
