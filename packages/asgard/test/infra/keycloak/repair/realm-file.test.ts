import { expect, test } from 'vitest';
import { parseRealmFile } from '../../../../src/infra/keycloak/repair/realm-file.ts';

test('secrets are put in where Keycloak takes them from its environment; its own marks stay', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: marks of the file
  const text = '{"realm":"asgard","a":"${ASGARD_ODIN_SECRET}","b":"${client_id}","c":"${ASGARD_OTHER}"}';
  expect(parseRealmFile(text, { ASGARD_ODIN_SECRET: 's3' })).toEqual({
    ...{ realm: 'asgard', a: 's3', b: '${client_id}', c: '${ASGARD_OTHER}' },
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: marks of the file
});

test.each(['', '{', '[]', '{"enabled":true}'])('a file that is none: %s', (text) => {
  expect(() => parseRealmFile(text, {})).toThrow(/realm\.json/);
});
