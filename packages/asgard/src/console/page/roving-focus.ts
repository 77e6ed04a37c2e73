export interface RovingFocus {
  /** Runs what puts new elements in place of the old ones; the focus stays on the one with the same `data-key`. */
  replacing(change: () => void): void;
  focusFirst(): void;
}

/**
 * Makes a long list one stop of the Tab key: its current element, or else its first. The arrow keys, Home and End go from there
 * (ARIA Authoring Practices, "Managing Focus Within Components Using a Roving tabindex").
 */
export function createRovingFocus(container: HTMLElement, selector: string): RovingFocus {
  const all = (): HTMLElement[] => [...container.querySelectorAll<HTMLElement>(selector)];
  const focused = (): HTMLElement | undefined => all().find((element) => element.matches(':focus'));

  container.addEventListener('keydown', (event) => {
    const from = focused();
    const elements = all();
    const next = from && destination(event.key, elements.indexOf(from), elements.length);
    if (next === undefined) return;
    event.preventDefault();
    elements[next]?.focus();
  });

  return {
    replacing(change) {
      const key = focused()?.dataset.key;
      change();
      const elements = all();
      const stop = elements.find((element) => element.hasAttribute('aria-current')) ?? elements[0];
      for (const element of elements) element.tabIndex = element === stop ? 0 : -1;
      if (key !== undefined) elements.find(({ dataset }) => dataset.key === key)?.focus({ preventScroll: true });
    },
    focusFirst: () => all()[0]?.focus(),
  };
}

function destination(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
