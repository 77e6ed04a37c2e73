import { expect, test } from 'vitest';
import { describeMessage, parseMessages, readTopics } from '../../src/console/message.ts';

test('reads the messages of an event stream and leaves out what is none', () => {
  const text =
    ':\n\nevent: message\r\ndata: {"method":"a"}\r\n\r\ndata: {"result":\ndata: 1}\n\ndata: [1]\n\ndata: {\n\n';
  expect(parseMessages(text)).toEqual([{ method: 'a' }, { result: 1 }]);
  expect(parseMessages('')).toEqual([]);
});

test('an item for many has the name of its place where each id goes', () => {
  const item =
    'data: {"method":"notifications/resources/updated","params":{"uri":"x://50%%","_meta":{"id":%(sub)s}}}\n\n';
  expect(parseMessages(item)).toMatchObject([{ params: { uri: 'x://50%', _meta: { id: 'sub' } } }]);
});

test('a per cent sign in an item for one stays as it is', () => {
  expect(parseMessages('data: {"params":{"message":"50%%"}}\n\n')).toEqual([{ params: { message: '50%%' } }]);
});

test.each([
  [{ method: 'notifications/progress', params: { progress: 2, total: 5, message: 'hammer' } }, 'progress 2/5 hammer'],
  [{ method: 'notifications/progress', params: { progress: 0.5 } }, 'progress 0.5'],
  [{ method: 'notifications/resources/updated', params: { uri: 'shelf://axe' } }, 'resources/updated shelf://axe'],
  [{ method: 'notifications/message', params: { level: 'info', data: 'hot' } }, 'message info hot'],
  [{ method: 'notifications/tools/list_changed' }, 'tools/list_changed'],
  [{ result: {} }, 'result'],
  [{ error: {} }, 'error'],
  [{}, 'message'],
])('%j is %s', (message, line) => {
  expect(describeMessage(message)).toBe(line);
});

test('the acknowledgement of a subscription names its topics', () => {
  const notifications = {
    resourceSubscriptions: ['shelf://axe', 7],
    toolsListChanged: true,
    promptsListChanged: false,
  };
  const acknowledged = { method: 'notifications/subscriptions/acknowledged', params: { notifications } };
  expect(readTopics([{ result: 1 }, acknowledged])).toEqual(['shelf://axe', 'list of tools']);
  expect(readTopics([{ method: 'notifications/progress' }])).toBeUndefined();
});
