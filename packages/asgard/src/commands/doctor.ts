import type { Chain, Check, DoctorContext, Finding } from '../doctor/check.ts';
import { CHECKS } from '../doctor/checks.ts';
import { issuerOf, mcpUrlOf } from '../infra/settings.ts';
import { readSecrets, type Stack } from '../infra/stack.ts';
import type { Io } from '../io.ts';
import { createPaint, type Paint } from '../paint.ts';
import { findRunning } from '../project.ts';
import { type InfraFlags, openInfra, printJson } from './infra-context.ts';
import { fetchToken } from './token.ts';

export interface DoctorFlags extends InfraFlags {
  readonly url?: string;
  readonly token?: string;
}

/** Runs every check. @returns 0 when nothing has failed, else 1 */
export async function doctor(flags: DoctorFlags, io: Io): Promise<number> {
  const { effects, stack, engine } = await openInfra(flags, io);
  const started = (await effects.files.read(stack.secretsFile)) !== undefined;
  const chain = await findChain(flags, { stack, started }, io);
  const context: DoctorContext = {
    ...{ effects, stack, engine, started, chain },
    nodeVersion: io.nodeVersion,
    now: () => io.now(),
    signal: io.interrupted,
  };
  const findings = await Promise.all(
    CHECKS.map(async (check) => ({ name: check.name, ...(await runCheck(check, context)) })),
  );
  const isGood = findings.every(({ outcome }) => outcome !== 'failed');
  if (flags.json === true) printJson(io, { ok: isGood, checks: findings });
  else
    for (const finding of findings)
      io.stdout.write(formatFinding(finding, createPaint(io.stdout.isTTY && !io.env.NO_COLOR)));
  return isGood ? 0 : 1;
}

/** A check that breaks is a finding too: the others still count. */
async function runCheck(check: Check, context: DoctorContext): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      outcome: 'failed',
      message: `could not be looked at: ${message}`,
      fix: 'Report this, with the output of asgard doctor --json.',
    };
  }
}

/** The URL that was given; else a running `asgard dev`; else the stack, if it was started. */
async function findChain(
  flags: DoctorFlags,
  { stack, started }: { stack: Stack; started: boolean },
  io: Io,
): Promise<Chain | undefined> {
  const given = flags.token ?? io.env.ASGARD_TOKEN;
  if (flags.url !== undefined) {
    return { kind: 'url', mcpUrl: flags.url, issuer: undefined, token: given };
  }
  const running = await findRunning(io).catch(() => undefined);
  if (running !== undefined) {
    const token = given ?? (await fetchToken(running, {}, io).catch(() => undefined));
    return { kind: 'dev', mcpUrl: running.mcpUrl, issuer: running.issuer, serverUrl: running.serverUrl, token };
  }
  if (!started) return undefined;
  const { settings } = stack;
  const { server } = settings;
  const serverUrl = server.kind === 'host' ? `http://127.0.0.1:${server.port}` : undefined;
  const chain = { kind: 'infra' as const, mcpUrl: mcpUrlOf(settings), issuer: issuerOf(settings), serverUrl };
  return { ...chain, token: given ?? (await signInToStack(chain, stack, io)) };
}

/** Signs the demo user in, as `asgard dev` does with its own. */
async function signInToStack(chain: Omit<Chain, 'token'>, stack: Stack, io: Io): Promise<string | undefined> {
  if (!stack.settings.demoUsers) return undefined;
  const { ASGARD_FREYA_PASSWORD: password } = await readSecrets(await io.loadInfra(), stack);
  if (password === undefined || chain.issuer === undefined) return undefined;
  return io.signIn({ issuer: chain.issuer, mcpUrl: chain.mcpUrl, username: 'freya', password }).catch(() => undefined);
}

const MARKS: Readonly<Record<Finding['outcome'], string>> = { ok: 'ok', warning: 'warn', failed: 'FAIL', skipped: '-' };

function formatFinding({ name, outcome, message, fix }: Finding & { name: string }, paint: Paint): string {
  const colors = { ok: paint.green, warning: paint.yellow, failed: paint.red, skipped: paint.dim };
  const line = `${colors[outcome](MARKS[outcome].padEnd(4))}  ${name.padEnd(15)} ${message}\n`;
  return fix === undefined ? line : `${line}      ${''.padEnd(15)} ${paint.dim('->')} ${fix}\n`;
}
