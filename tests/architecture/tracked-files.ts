// Written in pieces, so that this file does not hold the words it looks for.
const registry = ['registry', 'npmjs', 'org'].join('.');
const yarn = ['registry', 'yarnpkg', 'com'].join('.');
const homes = ['home', 'Users', 'root'].join('|');

const forbidden: readonly { reason: string; pattern: RegExp }[] = [
  {
    reason: 'a registry host',
    pattern: new RegExp(`${registry}|${yarn}|npm[m]irror|arti[f]actory|codeload\\.github`, 'i'),
  },
  {
    reason: 'a path of one machine',
    pattern: new RegExp(`(?<![\\w.$}*~:-])/(?:${homes}|work)/(?!node\\b)[a-z.]`, 'i'),
  },
  { reason: 'an unfinished mark', pattern: new RegExp(`\\b(?:${'TO'}DO|${'FIX'}ME)\\b`) },
];

/** What must not be in a tracked text file; empty when nothing is found. */
export function judgeTracked(path: string, text: string): string[] {
  const wrong = text
    .split('\n')
    .flatMap((line, index) =>
      forbidden
        .filter(({ pattern }) => pattern.test(line))
        .map(({ reason }) => `${path}:${index + 1} has ${reason}: ${line.trim().slice(0, 120)}`),
    );
  if (path.endsWith('package-lock.json') && text.includes('"resolved": "http')) {
    wrong.push(`${path} names the host that packages came from; run npm install with the workspace's .npmrc`);
  }
  return wrong;
}
