import type { Ini } from './ini.ts';

/** One setting that would hurt, and what to do. */
export interface PushpinFault {
  readonly setting: string;
  readonly message: string;
  readonly fix: string;
}

const MIN_BUFFER_BYTES = 16_384;
const MIN_KEY_LETTERS = 32;

/** Section, setting, what Pushpin takes when it is not set, what it must be, and why. */
const EXACT = [
  ['handler', 'message_rate', '2500', '0', 'a stream of more than 30 events a second is delivered up to a second late'],
  ['handler', 'message_hwm', '25000', '0', 'messages above it are dropped in silence'],
  ['proxy', 'debug', 'false', 'false', 'details of errors are sent to clients'],
  ['proxy', 'updates_check', 'report', 'off', 'the proxy reports to others'],
  ['runner', 'allow_compression', 'false', 'false', 'events wait in the compressor'],
] as const;

/**
 * What is wrong with a pushpin.conf that Pushpin itself would accept; each was measured. A placeholder for the key counts as a key.
 *
 * @param ini with Pushpin's defaults filled in where a setting is missing
 */
export function findPushpinFaults(ini: Ini): readonly PushpinFault[] {
  const value = (section: string, name: string, fallback: string): string => ini[section]?.[name] ?? fallback;
  const faults: PushpinFault[] = [];
  const expect = (ok: boolean, setting: string, message: string, fix: string): void => {
    if (!ok) faults.push({ setting, message, fix });
  };
  for (const [section, setting, fallback, wanted, why] of EXACT) {
    const found = value(section, setting, fallback);
    expect(found === wanted, setting, `${setting}=${found}: ${why}`, `${setting}=${wanted}`);
  }
  const buffer = value('runner', 'client_buffer_size', '8192');
  expect(
    Number(buffer) >= MIN_BUFFER_BYTES,
    'client_buffer_size',
    `client_buffer_size=${buffer}: a request with a token larger than that is cut off`,
    `client_buffer_size=${MIN_BUFFER_BYTES}`,
  );
  const key = value('proxy', 'sig_key', 'changeme');
  expect(
    key.startsWith('@') || key.startsWith('file:') || key.length >= MIN_KEY_LETTERS,
    'sig_key',
    'sig_key is short or the default: whoever knows it can pass for the proxy',
    'sig_key=base64:… with 32 random bytes',
  );
  for (const setting of ['push_in_spec', 'command_spec'] as const) {
    const spec = value('handler', setting, 'tcp://127.0.0.1:5560');
    expect(
      !/^tcp:\/\/(?:\*|0\.0\.0\.0|\[?::\]?):/.test(spec),
      setting,
      `${setting}=${spec}: the port asks nobody for a password and listens to everybody`,
      `${setting}=tcp://127.0.0.1:PORT, or ipc://`,
    );
  }
  const publish = value('handler', 'push_in_http_addr', '127.0.0.1');
  expect(
    publish !== '0.0.0.0' && publish !== '*',
    'push_in_http_addr',
    `push_in_http_addr=${publish}: everybody may publish to every stream`,
    'push_in_http_addr=127.0.0.1',
  );
  return faults;
}
