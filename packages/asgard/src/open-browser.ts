import { spawn } from 'node:child_process';
import process from 'node:process';

/** Opens a page in the user's browser; without one nothing happens, and the user takes the printed address. */
export function openBrowser(page: string): void {
  const [command, ...args] = openCommand(process.platform);
  const child = spawn(command, [...args, page], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function openCommand(platform: NodeJS.Platform): [command: string, ...args: string[]] {
  if (platform === 'darwin') return ['open'];
  // Not `start`: a shell would take the & of the address for its own.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
