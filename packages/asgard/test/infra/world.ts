import { createMemoryIo, type MemoryIo } from '../memory-io.ts';
import { createFakeEffects, type FakeEffects, type FakeOptions, workingDocker } from './fake-effects.ts';

/** A project with a Dockerfile, on a machine with a Docker that works unless it is said otherwise. */
export function world(
  options: FakeOptions = { programs: workingDocker() },
  disk: Record<string, string> = { '/desk/Dockerfile': 'FROM node' },
): { io: MemoryIo; effects: () => FakeEffects } {
  let effects: FakeEffects | undefined;
  const io: MemoryIo = createMemoryIo({
    disk,
    infra: (own) => {
      effects ??= createFakeEffects(own, options);
      return effects;
    },
  });
  return { io, effects: () => effects ?? createFakeEffects(io) };
}
