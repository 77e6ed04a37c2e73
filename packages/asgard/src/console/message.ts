/** A JSON-RPC message, as far as it can be told apart. */
export interface Message {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** The messages in a piece of an event stream. What is no JSON object is left out. */
export function parseMessages(text: string): readonly Message[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const data = block.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []));
    const message = data.length === 0 ? undefined : parseMessage(data.join('\n'));
    return message === undefined ? [] : [message];
  });
}

/** An item for many subscribers has a place for each one's id, and doubles every other `%`. */
function parseMessage(text: string): Message | undefined {
  return parseObject(text) ?? parseObject(text.replace(/%\((\w+)\)s/g, '"$1"').replaceAll('%%', '%'));
}

function parseObject(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One line that says what a message is about. */
export function describeMessage({ method, params, error, result }: Message): string {
  if (error !== undefined) return 'error';
  if (method === undefined) return result === undefined ? 'message' : 'result';
  const name = method.replace(/^notifications\//, '');
  return [name, subjectOf(method, params ?? {})].filter((part) => part !== '').join(' ');
}

function subjectOf(method: string, params: Readonly<Record<string, unknown>>): string {
  const { progress, total, message, uri, level, data, name } = params;
  if (method === 'notifications/progress') {
    const count = total === undefined ? text(progress) : `${text(progress)}/${text(total)}`;
    return message === undefined ? count : `${count} ${text(message)}`;
  }
  if (method === 'notifications/message') return `${text(level)} ${typeof data === 'string' ? data : ''}`.trim();
  return text(uri ?? name);
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Topics that a subscription was granted, from its acknowledgement (MCP 2026-07-28, basic/subscriptions). */
export function readTopics(messages: readonly Message[]): readonly string[] | undefined {
  const granted = messages.find(({ method }) => method === 'notifications/subscriptions/acknowledged');
  const filter = granted?.params?.notifications;
  if (!isRecord(filter)) return undefined;
  const { resourceSubscriptions } = filter;
  const uris = Array.isArray(resourceSubscriptions)
    ? resourceSubscriptions.filter((uri) => typeof uri === 'string')
    : [];
  const lists = ['tools', 'prompts', 'resources'].filter((name) => filter[`${name}ListChanged`] === true);
  return [...uris, ...lists.map((name) => `list of ${name}`)];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
