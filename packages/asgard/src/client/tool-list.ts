import type { ToolSummary } from './connection.ts';

/** One line for one tool: its name, its arguments as `asgard call` takes them, and the first line of its description. */
export function formatToolList(tools: readonly ToolSummary[]): string {
  const heads = tools.map((tool) => [tool.name, ...formatArguments(tool.inputSchema)].join(' '));
  const width = Math.min(40, Math.max(0, ...heads.map((head) => head.length)));
  return tools
    .map(({ description = '' }, index) => formatLine(heads[index] ?? '', firstLine(description), width))
    .join('');
}

function formatLine(head: string, description: string, width: number): string {
  return `${description === '' ? head : `${head.padEnd(width)}  ${description}`}\n`;
}

/** `item=string [count=integer]` */
function formatArguments({ properties, required }: ToolSummary['inputSchema']): string[] {
  if (!isRecord(properties)) return [];
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, schema]) => {
    const text = `${name}=${describeValue(schema)}`;
    return needed.has(name) ? text : `[${text}]`;
  });
}

function describeValue(schema: unknown): string {
  if (!isRecord(schema)) return 'value';
  const { enum: choices, type } = schema;
  if (Array.isArray(choices) && choices.length > 0 && choices.length <= 5) return choices.map(String).join('|');
  if (typeof type !== 'string') return 'value';
  return type === 'array' || type === 'object' ? 'json' : type;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
