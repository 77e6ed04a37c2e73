import { SdkHttpError } from '@modelcontextprotocol/client';

/** What a gateway in front of the server says, without the JSON around it. */
export function describeRefusal(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (!(at instanceof SdkHttpError) || typeof at.data.text !== 'string') continue;
    try {
      const { message, error: inner } = JSON.parse(at.data.text) as Refusal;
      const said = inner?.message ?? message;
      if (typeof said === 'string') return `${said} (${at.data.status})`;
    } catch {
      // It is no JSON: the error says it as it came.
    }
  }
  return undefined;
}

interface Refusal {
  readonly message?: unknown;
  readonly error?: { readonly message?: unknown } | null;
}
