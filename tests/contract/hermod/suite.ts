import { linkContract } from './link-contract.ts';
import { deadOriginContract, passThroughContract } from './pass-through-contract.ts';
import { responseContract } from './response-contract.ts';
import { sequenceContract } from './sequence-contract.ts';
import type { StartProxy } from './setup.ts';
import { streamContract } from './stream-contract.ts';
import { timeContract } from './time-contract.ts';

/** Everything that the stand-in and Pushpin have in common. */
export function hermodContract(name: string, start: StartProxy): void {
  passThroughContract(name, start);
  deadOriginContract(name, start);
  streamContract(name, start);
  responseContract(name, start);
  sequenceContract(name, start);
  linkContract(name, start);
  timeContract(name, start);
}
