import type { Check } from './check.ts';
import { agreementCheck } from './checks/agreement.ts';
import { clockCheck } from './checks/clock.ts';
import { engineCheck } from './checks/engine.ts';
import { gripKeyCheck } from './checks/grip-key.ts';
import { memoryCheck } from './checks/memory.ts';
import { metadataCheck } from './checks/metadata.ts';
import { nodeCheck } from './checks/node.ts';
import { portsCheck } from './checks/ports.ts';
import { nativePushpinCheck, pushpinCheck } from './checks/pushpin.ts';
import { realmCheck } from './checks/realm.ts';
import { secretsCheck } from './checks/secrets.ts';
import { readinessCheck, streamCheck } from './checks/stream.ts';
import { tokensCheck } from './checks/tokens.ts';

/** From what everything stands on to the running chain. */
export const CHECKS: readonly Check[] = [
  nodeCheck,
  engineCheck,
  memoryCheck,
  portsCheck,
  secretsCheck,
  agreementCheck,
  gripKeyCheck,
  pushpinCheck,
  nativePushpinCheck,
  clockCheck,
  metadataCheck,
  tokensCheck,
  realmCheck,
  streamCheck,
  readinessCheck,
];
