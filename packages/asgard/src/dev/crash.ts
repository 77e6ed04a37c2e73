import { fileURLToPath } from 'node:url';

const MAX_FRAMES = 4;

/**
 * An error of the user's code in a few lines: what, and where in the user's files (source maps have done their work on
 * the stack). Frames of packages and of Node itself are left out unless there are no others.
 */
export function formatCrash(error: unknown, directory: string): string {
  if (!(error instanceof Error)) return `Thrown: ${String(error)}`;
  const { head, frames } = splitStack(error);
  const own = frames.filter((frame) => frame.includes(directory) && !/node_modules|node:internal/.test(frame));
  const shown = (own.length > 0 ? own : frames).slice(0, MAX_FRAMES);
  const lines = [head, ...shown.map((frame) => shorten(frame, directory))];
  if (error.cause !== undefined) lines.push(`Caused by ${formatCrash(error.cause, directory)}`);
  return lines.join('\n');
}

function splitStack(error: Error): { head: string; frames: string[] } {
  const lines = (error.stack ?? '').split('\n');
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  if (first < 0) return { head: `${error.name}: ${error.message}`, frames: [] };
  // A stack with a source map begins with the place and the line of code; the message follows.
  const head = `${error.name}: ${error.message}`;
  return { head, frames: lines.slice(first).filter((line) => /^\s+at /.test(line)) };
}

function shorten(frame: string, directory: string): string {
  return frame.replace(/file:\/\/[^)\s]+?(?=:\d+:\d+)/g, (url) => fileURLToPath(url)).replaceAll(`${directory}/`, '');
}
