import assert from 'node:assert/strict';
import { connectedClient } from '../clients.ts';
import type { Step } from '../walk.ts';

export const listTools: Step = {
  name: 'tools/list',
  async run(state) {
    const { tools } = await connectedClient(state).listTools();
    const names = tools.map((tool) => tool.name).sort();
    assert.deepEqual(names, ['forge', 'stock']);
    return names.join(', ');
  },
};
