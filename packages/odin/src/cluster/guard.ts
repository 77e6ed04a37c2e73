/** A listener that throws must not take the others, or the writer, with it. */
export function guard(call: () => void): void {
  try {
    call();
  } catch {
    // Its own fault, and nobody here could do anything about it.
  }
}
