import type { Bench } from '../bench.ts';
import { measureFanOut } from '../holds/fan-out.ts';
import { measureFootprint } from '../holds/footprint.ts';
import { measureLatency } from '../holds/latency.ts';
import { makeBed } from '../holds/subject.ts';
import { measureThroughput } from '../holds/throughput.ts';

/** Streams that the real Pushpin holds for Odin, against streams that a process serves itself. */
export const bench: Bench = async (say) => {
  const bed = await makeBed();
  try {
    return [
      ...(await measureLatency(bed, say)),
      ...(await measureThroughput(bed, say)),
      ...(await measureFanOut(bed, say)),
      ...(await measureFootprint(bed, say)),
    ];
  } finally {
    await bed.close();
  }
};
