/** One measured figure. */
export interface Row {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'per s' | 'bytes' | 'sockets' | 'streams' | '×';
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly samples: number;
  /** The figure that is promised; more is a failure. */
  readonly limit?: number;
  /** Name of the row that this one is compared with. */
  readonly comparedWith?: string;
  /** Under this name the median also stands in the JSON beside the rows. */
  readonly field?: string;
}

/** Measures and gives its rows. Says on the way what it does. */
export type Bench = (say: (text: string) => void) => Promise<readonly Row[]>;

/** A row of samples. @throws Error when there are none */
export function summarize(
  name: string,
  samples: readonly number[],
  rest: Pick<Row, 'unit' | 'limit' | 'comparedWith' | 'field'>,
): Row {
  const sorted = [...samples].sort((a, b) => a - b);
  const [min, max, median] = [sorted[0], sorted.at(-1), sorted[Math.floor((sorted.length - 1) / 2)]];
  if (min === undefined || max === undefined || median === undefined) throw new Error(`${name} has no samples`);
  return { name, median, min, max, samples: sorted.length, ...rest };
}
