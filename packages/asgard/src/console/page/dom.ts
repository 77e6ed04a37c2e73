export type Child = Node | string | undefined | false;

export interface Properties {
  readonly class?: string;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  /** Attributes; `true` is an empty one, `false` and undefined are none. */
  readonly [attribute: string]: unknown;
}

/**
 * Makes an element. Text stays text: there is no way from a string to markup here, and the Content-Security-Policy of the page
 * refuses it everywhere else.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { on = {}, ...attributes } = properties;
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  append(element, children);
  return element;
}

export function append(parent: Element, children: readonly Child[]): void {
  parent.append(...children.filter((child) => child !== undefined && child !== false));
}

export function replace(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

/** @param name never one of an event handler: those are given by `on` */
export function setAttribute(element: Element, name: string, value: unknown): void {
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** The element of the page with that id, which is in `index.html`. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}.`);
  return element;
}

/** A button that copies a text and says so. */
export function copyButton(text: () => string, what: string): HTMLButtonElement {
  const button = h(
    'button',
    { type: 'button', class: 'quiet copy', 'aria-label': `Copy ${what}`, on: { click: copy } },
    'Copy',
  );
  function copy(): void {
    void navigator.clipboard.writeText(text()).then(
      () => say('Copied'),
      () => say('Not allowed'),
    );
  }
  function say(word: string): void {
    button.textContent = word;
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1200);
  }
  return button;
}
