import { OdinServer } from '@asgard/odin';
import { serveStdio } from '@asgard/odin/stdio';

const odin = new OdinServer({ name: 'session', version: '1.2.3' });
odin.tool({ name: 'say' }, async ({ log, protocolVersion }) => {
  await log.info('low');
  await log.error('high');
  return protocolVersion;
});
odin.tool({ name: 'change' }, async ({ notify }) => {
  await notify.resourceUpdated('note://8');
  await notify.resourceUpdated('note://7');
  await notify.toolsChanged();
  await notify.promptsChanged();
  await notify.resourcesChanged();
  return 'changed';
});
odin.resource('note://{id}', {}, ({ id }) => `note ${id}`);
odin.prompt({ name: 'explain' }, () => 'Explain');

await serveStdio(odin);
