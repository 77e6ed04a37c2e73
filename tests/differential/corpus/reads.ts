import { type Case, legacy, modern } from '../request.ts';

const URIS: readonly unknown[] = [
  'note://today',
  'note://1',
  'note://a%20b',
  'note://%F0%9F%8C%8D',
  'note://grüße',
  'note://',
  'note://a/b',
  'note://..',
  'note://%',
  'NOTE://today',
  'data://bytes',
  'other://nothing',
  'no uri',
  '',
  'file:///etc/passwd',
  undefined,
  null,
  5,
  ['note://today'],
  {},
];

const PROMPTS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['all arguments', { name: 'explain', arguments: { topic: 'holds', language: 'zig' } }],
  ['required arguments', { name: 'explain', arguments: { topic: 'Grüße 🌍' } }],
  ['an empty argument', { name: 'explain', arguments: { topic: '' } }],
  ['a missing argument', { name: 'explain', arguments: {} }],
  ['no arguments member', { name: 'explain' }],
  ['a number as argument', { name: 'explain', arguments: { topic: 5 } }],
  ['a null argument', { name: 'explain', arguments: { topic: null } }],
  ['an unknown argument', { name: 'explain', arguments: { topic: 'a', extra: 'b' } }],
  ['null arguments', { name: 'explain', arguments: null }],
  ['array arguments', { name: 'explain', arguments: [] }],
  ['no arguments where none are needed', { name: 'greet' }],
  ['empty arguments where none are needed', { name: 'greet', arguments: {} }],
  ['arguments where none are needed', { name: 'greet', arguments: { a: 'b' } }],
  ['an unknown name', { name: 'nothing' }],
  ['no name', {}],
  ['a number as name', { name: 1 }],
  ['name of an object member', { name: 'toString' }],
];

const prompt = (name: unknown) => ({ type: 'ref/prompt', name });
const resource = (uri: unknown) => ({ type: 'ref/resource', uri });

const COMPLETIONS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['a prompt argument', { ref: prompt('explain'), argument: { name: 'language', value: 'py' } }],
  ['an empty value', { ref: prompt('explain'), argument: { name: 'language', value: '' } }],
  ['a value that nothing starts with', { ref: prompt('explain'), argument: { name: 'language', value: 'ü' } }],
  ['an argument without completions', { ref: prompt('explain'), argument: { name: 'topic', value: 'a' } }],
  ['an unknown argument', { ref: prompt('explain'), argument: { name: 'none', value: 'a' } }],
  ['a prompt without arguments', { ref: prompt('greet'), argument: { name: 'a', value: 'a' } }],
  ['an unknown prompt', { ref: prompt('none'), argument: { name: 'a', value: 'a' } }],
  ['a template variable', { ref: resource('note://{id}'), argument: { name: 'id', value: 't' } }],
  ['an unknown variable', { ref: resource('note://{id}'), argument: { name: 'none', value: 't' } }],
  ['a plain resource', { ref: resource('note://today'), argument: { name: 'id', value: 't' } }],
  ['an unknown template', { ref: resource('other://{id}'), argument: { name: 'id', value: 't' } }],
  [
    'a context',
    {
      ref: prompt('explain'),
      argument: { name: 'language', value: 'z' },
      context: { arguments: { topic: 'compilers' } },
    },
  ],
  [
    'a context of numbers',
    { ref: prompt('explain'), argument: { name: 'language', value: 'z' }, context: { arguments: { topic: 1 } } },
  ],
  ['a null context', { ref: prompt('explain'), argument: { name: 'language', value: 'z' }, context: null }],
  ['no ref', { argument: { name: 'a', value: 'a' } }],
  ['a ref of another type', { ref: { type: 'ref/tool', name: 'echo' }, argument: { name: 'a', value: 'a' } }],
  ['a text as ref', { ref: 'explain', argument: { name: 'a', value: 'a' } }],
  ['a ref without name', { ref: { type: 'ref/prompt' }, argument: { name: 'a', value: 'a' } }],
  ['no argument', { ref: prompt('explain') }],
  ['a number as value', { ref: prompt('explain'), argument: { name: 'language', value: 1 } }],
  ['no value', { ref: prompt('explain'), argument: { name: 'language' } }],
  ['no params', {}],
];

export const READS: readonly Case[] = [
  ...URIS.flatMap((uri) => [
    modern(`read ${JSON.stringify(uri)}`, 'resources/read', { uri }),
    legacy(`legacy read ${JSON.stringify(uri)}`, 'resources/read', { uri }),
  ]),
  ...PROMPTS.flatMap(([what, params]) => [
    modern(`prompt with ${what}`, 'prompts/get', params),
    legacy(`legacy prompt with ${what}`, 'prompts/get', params),
  ]),
  ...COMPLETIONS.flatMap(([what, params]) => [
    modern(`complete with ${what}`, 'completion/complete', params),
    legacy(`legacy complete with ${what}`, 'completion/complete', params),
  ]),
];
