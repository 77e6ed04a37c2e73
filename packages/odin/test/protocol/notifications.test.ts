import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeNotification, topicKey } from '../../src/protocol/notifications.ts';

describe('changeNotification', () => {
  it('is JSON around any id, for any URI', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), fc.integer()), (uri, id) => {
        const { head, tail } = changeNotification({ kind: 'resource', uri });
        expect(JSON.parse(`${head}${JSON.stringify(id)}${tail}`)).toEqual({
          jsonrpc: '2.0',
          method: 'notifications/resources/updated',
          params: { uri, _meta: { 'io.modelcontextprotocol/subscriptionId': id } },
        });
      }),
    );
  });

  it('has no other params for lists', () => {
    const { head, tail } = changeNotification({ kind: 'tools' });
    expect(JSON.parse(`${head}1${tail}`)).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/tools/list_changed',
      params: { _meta: { 'io.modelcontextprotocol/subscriptionId': 1 } },
    });
  });

  it('keeps a resource named like a list apart from the list', () => {
    expect(topicKey({ kind: 'resource', uri: 'tools' })).not.toBe(topicKey({ kind: 'tools' }));
  });
});
