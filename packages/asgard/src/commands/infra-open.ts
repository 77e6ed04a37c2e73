import { AsgardError } from '../errors.ts';
import { adminUrlOf, explainPublic, type InfraSettings } from '../infra/settings.ts';
import { verifyWritten } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { type InfraFlags, openInfra, printJson } from './infra-context.ts';

/** Opens a page of the stack in the browser, and prints its address. */
export async function infraOpen(page: string | undefined, flags: InfraFlags, io: Io): Promise<number> {
  const { effects, stack } = await openInfra(flags, io);
  await verifyWritten(effects, stack);
  const pages = pagesOf(stack.settings);
  const url = pages[page ?? 'inspector'];
  if (url === undefined && page === 'admin') {
    throw new AsgardError(
      'usage',
      `The gateway does not lead to the console of administrators: ${explainPublic(stack.settings)}.`,
    );
  }
  if (url === undefined) {
    throw new AsgardError('usage', `There is no page "${page}". Pages: ${Object.keys(pages).join(', ')}.`);
  }
  if (flags.json === true) printJson(io, { ok: true, url });
  else io.stdout.write(`${url}\n`);
  if (io.stdout.isTTY) await effects.openPage(url);
  return 0;
}

function pagesOf(settings: InfraSettings): Readonly<Record<string, string>> {
  const { publicUrl, ports } = settings;
  const admin = adminUrlOf(settings);
  return {
    inspector: `http://localhost:${ports.inspector}`,
    grafana: `http://localhost:${ports.grafana}`,
    gateway: publicUrl,
    ...(admin === undefined ? {} : { admin }),
  };
}
