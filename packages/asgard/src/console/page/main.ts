import { addEntry, clearEntries, EMPTY_FEED, type FeedState } from '../feed-state.ts';
import { createApi, type FeedMessage } from './api.ts';
import { fillConnect } from './connect-view.ts';
import { byId } from './dom.ts';
import { createFeedView } from './feed-view.ts';
import { createStreamsView } from './streams-view.ts';
import { createWorkbenchView } from './workbench-view.ts';

const token = document.querySelector('meta[name="asgard-console"]')?.getAttribute('content') ?? '';
const api = createApi(token);
const info = await api.info();
let state: FeedState = EMPTY_FEED;
let connected = false;

document.title = `${info.name} · Asgard`;
byId('project').textContent = info.name;
byId('version').textContent = info.version;
fillConnect(info);
const workbench = createWorkbenchView(info, api);
const streams = createStreamsView(Date.now);
const feed = createFeedView(
  () => state,
  () => {
    state = clearEntries(state);
  },
);

const STATUS = { starting: 'Starting', running: 'Running', reloaded: 'Running', stopped: 'Stopped' } as const;

function showStatus(): void {
  const status = byId('status');
  const good = connected && (state.server === 'running' || state.server === 'reloaded');
  status.textContent = connected ? STATUS[state.server] : 'Disconnected';
  status.className = `pill ${good ? 'good' : state.server === 'starting' && connected ? 'warn' : 'bad'}`;
}

function take(message: FeedMessage): void {
  if ('state' in message) {
    state = message.state;
    feed.reset(state);
    if (state.server !== 'starting') void workbench.refresh();
  } else {
    state = addEntry(state, message.entry);
    feed.add(message.entry);
    // The server is a new one: so may what it offers be.
    if (message.entry.type === 'server' && message.entry.status !== 'stopped') void workbench.refresh();
  }
  streams.show(state);
  showStatus();
}

await api.follow(take, (now) => {
  connected = now;
  showStatus();
});
