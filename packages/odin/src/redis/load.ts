import { OdinError } from '../errors.ts';

/** The module `ioredis`, as far as this package uses it. */
export type IoRedis = Pick<typeof import('ioredis'), 'Redis'>;

/** Loads the optional peer dependency. @throws OdinError `redis_missing` */
export async function loadIoRedis(): Promise<IoRedis> {
  try {
    return await import('ioredis');
  } catch (cause) {
    throw new OdinError('redis_missing', 'Sharing state over Redis needs the package ioredis: npm install ioredis@6', {
      cause,
    });
  }
}
