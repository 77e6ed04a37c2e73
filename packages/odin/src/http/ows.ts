/**
 * Takes the optional whitespace of RFC 9110 section 5.6.3 off both ends of a field value: space and tab. `trim()` takes more, such as U+00A0,
 * by which a value would pass the rules of a gateway that does not.
 */
export function trimOws(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isOws(value.charCodeAt(start))) start += 1;
  while (end > start && isOws(value.charCodeAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isOws(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
