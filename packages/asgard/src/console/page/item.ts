export const ITEM_KINDS = ['tool', 'resource', 'prompt'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** Something to look at and to use, for one user. */
export interface Item {
  readonly kind: ItemKind;
  /** Different for each item of a user. */
  readonly key: string;
  readonly name: string;
  readonly description: string | undefined;
  /** When this changes, the view is made anew. */
  readonly definition: string;
  createView(onRunning: () => void): ItemView;
}

export interface ItemView {
  readonly element: HTMLElement;
  readonly running: boolean;
}
