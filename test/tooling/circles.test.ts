import { expect, test } from 'vitest';
import { findCircles } from '../../scripts/find-circles.mjs';
import { temporaryDirectory, type Seed } from '../support/temporary-directory.ts';

/** The circles among files of a room, given by their names there and their code. */
async function circlesIn(room: Seed): Promise<string[][]> {
  const files = Object.entries(room).map(([name, code]) => [`src/${name}`, code]);
  return findCircles(temporaryDirectory(Object.fromEntries(files) as Seed), 'src');
}

const back = "import type { A } from './a.ts';\nexport interface B { readonly a?: A }\n";
const here = 'export interface A { readonly b?: B }\n';

const circles: [string, Seed][] = [
  ['types alone', { 'a.ts': `import type { B } from './b.ts';\n${here}`, 'b.ts': back }],
  [
    'a type beside a value',
    {
      'a.ts': `import { type B, b } from './b.ts';\nvoid b;\n${here}`,
      'b.ts': `${back}export const b = 1;\n`,
    },
  ],
  [
    'a type that is passed on',
    { 'a.ts': "export type { B } from './b.ts';\nexport type A = 1;\n", 'b.ts': back },
  ],
  [
    'a type that is named where it is used',
    { 'a.ts': "export type A = import('./b.ts').B;\n", 'b.ts': back },
  ],
  [
    'a file that is loaded when it is needed',
    { 'a.ts': "export type A = 1;\nexport const later = () => import('./b.ts');\n", 'b.ts': back },
  ],
  [
    'values',
    {
      'a.ts': "export { b } from './b.ts';\nexport const a = 1;\n",
      'b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    },
  ],
];

test.each(circles)('two files that import %s from each other are a circle', async (_what, room) => {
  expect(await circlesIn(room)).toEqual([['src/a.ts', 'src/b.ts']]);
});

test('a circle through other rooms is found once, whoever it is begun at', async () => {
  const room = {
    'z/c.ts': "import type { A } from '../a.ts';\nexport type C = A;\n",
    'a.ts': "import type { B } from './y/b.ts';\nexport type A = B | 1;\n",
    'y/b.ts': "import type { C } from '../z/c.ts';\nexport type B = C[];\n",
  };
  expect(await circlesIn(room)).toEqual([['src/a.ts', 'src/y/b.ts', 'src/z/c.ts']]);
});

test('files that share what they import are not a circle', async () => {
  const room = {
    'a.ts': "import type { C } from './c.ts';\nexport { b } from './b.ts';\nexport type A = C;\n",
    'b.ts': "import type { C } from './c.ts';\nexport const b: C = 1;\n",
    'c.ts': 'export type C = 1;\n',
  };
  expect(await circlesIn(room)).toEqual([]);
});
