import { checkToken, GRIP_HEADERS, splitList } from './fields.ts';

/** Writes the value of the request header `Grip-Feature`, with which a proxy tells what it can do. */
export function formatFeatures(features: Iterable<string>): string {
  return [...features]
    .map((feature) =>
      feature
        .split(':')
        .map((part) => checkToken('feature', part))
        .join(':'),
    )
    .join(', ');
}

/** Reads `Grip-Feature`: names such as `status`, `link:next`, `link:gone`, `filter:var-subst`. */
export function parseFeatures(text: string | null): ReadonlySet<string> {
  return new Set(text === null ? [] : splitList(GRIP_HEADERS.feature, text));
}
