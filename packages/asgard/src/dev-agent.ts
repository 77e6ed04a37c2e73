/**
 * Runs in the server's process before the user's code (`node --import`). It loads the packages that take time, waits for
 * the word to start, and then tells the command what the server does.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { type FromAgent, isAgentMessage, PRELOAD_VARIABLE, type ToAgent } from './dev/agent-message.ts';
import { formatCrash } from './dev/crash.ts';

let requests = 0;

subscribe('asgard:exchange', (exchange) => tell({ asgard: 'exchange', exchange }));
subscribe('http.server.request.start', (message) => {
  requests += 1;
  (message as { response: NodeJS.EventEmitter }).response.once('close', () => {
    requests -= 1;
  });
});
process.on('uncaughtExceptionMonitor', (error) => {
  if (process.listenerCount('uncaughtException') > 0) return;
  writeSync(2, `${formatCrash(error, process.cwd())}\n`);
  process.exit(1);
});
// The command has ended, in whatever way: nobody is left to end this process.
process.on('disconnect', () => process.exit());

const start = nextMessage('start');
const preload = process.env[PRELOAD_VARIABLE];
delete process.env[PRELOAD_VARIABLE];
// What cannot be loaded here fails again where the user's code imports it, and is reported there.
if (preload !== undefined) await import(pathToFileURL(preload).href).catch(() => undefined);
Object.assign(process.env, (await start).environment);

process.on('message', (message) => {
  if (isAgentMessage<ToAgent>(message) && message.asgard === 'measure') tell({ asgard: 'measured', requests });
});
// The channel alone must not keep a server alive that has nothing left to do.
process.channel?.unref();

function nextMessage<K extends ToAgent['asgard']>(kind: K): Promise<Extract<ToAgent, { asgard: K }>> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      if (!isAgentMessage<ToAgent>(message) || message.asgard !== kind) return;
      process.off('message', listener);
      resolve(message as Extract<ToAgent, { asgard: K }>);
    };
    process.on('message', listener);
  });
}

function tell(message: FromAgent): void {
  // A full or closed channel must not hurt the server.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
