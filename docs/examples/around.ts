import { OdinServer } from '@asgard/odin';
import { audit, rateLimit, sizeLimit, timeout } from '@asgard/odin/middleware';

export const odin = new OdinServer({ name: 'careful', version: '1.0.0' }).use(
  audit({ write: (entry) => process.stderr.write(`${JSON.stringify(entry)}\n`) }),
  rateLimit({ points: 60, durationSeconds: 60 }), // per caller and tool
  sizeLimit({ maxResult: 1_000_000 }),
  timeout({ ms: 30_000 }),
);
