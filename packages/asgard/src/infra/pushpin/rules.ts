import type { Ini } from './ini.ts';

/** One setting that would hurt, and what to do. */
export interface PushpinFault {
  readonly setting: string;
  readonly message: string;
  readonly fix: string;
}

const MIN_BUFFER_BYTES = 16_384;
const MIN_KEY_LETTERS = 32;

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
  const rate = value('handler', 'message_rate', '2500');
  expect(
    rate === '0',
    'message_rate',
    `message_rate=${rate}: a stream of more than 30 events a second is delivered up to a second late`,
    'message_rate=0',
  );
  const hwm = value('handler', 'message_hwm', '25000');
  expect(hwm === '0', 'message_hwm', `message_hwm=${hwm}: messages above it are dropped in silence`, 'message_hwm=0');
  const buffer = value('runner', 'client_buffer_size', '8192');
  expect(
    Number(buffer) >= MIN_BUFFER_BYTES,
    'client_buffer_size',
    `client_buffer_size=${buffer}: a request with a token larger than that is cut off`,
    `client_buffer_size=${MIN_BUFFER_BYTES}`,
  );
  expect(
    value('proxy', 'debug', 'false') === 'false',
    'debug',
    'debug=true: details of errors are sent to clients',
    'debug=false',
  );
  const key = value('proxy', 'sig_key', 'changeme');
  expect(
    key.startsWith('@') || key.startsWith('file:') || key.length >= MIN_KEY_LETTERS,
    'sig_key',
    'sig_key is short or the default: whoever knows it can pass for the proxy',
    'sig_key=base64:… with 32 random bytes',
  );
  expect(
    value('proxy', 'updates_check', 'report') === 'off',
    'updates_check',
    'updates_check is on: the proxy reports to others',
    'updates_check=off',
  );
  const compress = value('runner', 'allow_compression', 'false');
  expect(
    compress === 'false',
    'allow_compression',
    'allow_compression is on: events wait in the compressor',
    'allow_compression=false',
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
