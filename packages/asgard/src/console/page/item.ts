/** Something to look at and to use: a tool or a resource, for one user. */
export interface Item {
  readonly kind: 'tool' | 'resource';
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
