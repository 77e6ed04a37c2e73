export type { ZeroMq } from './load.ts';
export { createPushPublisher, type PushPublisher, type PushPublisherOptions } from './push.ts';
export type { ZeroMqPublisherOptions } from './socket-options.ts';
export { createXpubPublisher, type XpubPublisher, type XpubPublisherOptions } from './xpub.ts';
