import { GripError } from '../errors.ts';

/** The module `zeromq`, as far as this package uses it. */
export type ZeroMq = Pick<typeof import('zeromq'), 'Push' | 'XPublisher'>;

/** Loads the optional peer dependency. @throws {@link GripError} `zeromq_missing` */
export async function loadZeroMq(): Promise<ZeroMq> {
  try {
    return await import('zeromq');
  } catch (cause) {
    throw new GripError('zeromq_missing', 'publishing over ZeroMQ needs the package zeromq: npm install zeromq@6', {
      cause,
    });
  }
}
