import type { Random } from '../random.ts';
import { strangeKey, strangeValue } from '../values.ts';

/** Changes one place of a JSON value: replaces, drops, doubles, renames, adds. */
export function mutateStructure(value: unknown, random: Random): unknown {
  if (random.chance(0.06)) return strangeValue(random);
  if (Array.isArray(value)) return mutateArray(value, random);
  if (typeof value === 'object' && value !== null) return mutateObject(value, random);
  return random.chance(0.5) ? strangeValue(random) : [value];
}

function mutateArray(items: readonly unknown[], random: Random): unknown[] {
  const copy = [...items];
  const at = random.below(copy.length + 1);
  if (at === copy.length || random.chance(0.2)) copy.splice(at, 0, strangeValue(random));
  else if (random.chance(0.3)) copy.splice(at, 1);
  else copy[at] = mutateStructure(copy[at], random);
  return copy;
}

function changedEntry([key, value]: [string, unknown], random: Random): [string, unknown][] {
  const kind = random.next();
  if (kind < 0.2) return [];
  return kind < 0.3 ? [[strangeKey(random), value]] : [[key, mutateStructure(value, random)]];
}

function mutateObject(object: object, random: Random): object {
  const entries = Object.entries(object);
  const at = random.below(entries.length + 1);
  const entry = entries[at];
  if (!entry || random.chance(0.2)) entries.push([strangeKey(random), strangeValue(random)]);
  else entries.splice(at, 1, ...changedEntry(entry, random));
  return Object.fromEntries(entries);
}
