export type { ZeroMq } from './load.ts';
export { createXpubPublisher, type XpubPublisher, type XpubPublisherOptions } from './xpub.ts';
