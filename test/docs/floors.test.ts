import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';
import { tableUnder } from '../support/markdown-table.ts';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');
const heading = 'Rooms and floors';

/** The rooms that each room may import from, besides itself. */
type Imports = Readonly<Record<string, readonly string[]>>;

interface BoundariesPolicy {
  readonly from: { readonly element: { readonly type: string } };
  readonly allow: {
    readonly to: { readonly element: { readonly types: { readonly anyOf: string[] } } };
  };
}

interface Settings {
  readonly elements: readonly { readonly type: string; readonly pattern: string }[];
  readonly policies: readonly BoundariesPolicy[];
}

/** What ESLint asks of a file of `src`. */
async function enforced(): Promise<Settings> {
  const config = (await new ESLint({ cwd: root }).calculateConfigForFile(
    join(root, 'src', 'core', 'path.ts'),
  )) as {
    readonly settings: { readonly 'boundaries/elements': Settings['elements'] };
    readonly rules: {
      readonly 'boundaries/dependencies': [
        unknown,
        { readonly default: string; readonly policies: Settings['policies'] },
      ];
    };
  };
  const [severity, { default: otherwise, policies }] = config.rules['boundaries/dependencies'];
  expect([severity, otherwise]).toEqual([2, 'disallow']);
  return { elements: config.settings['boundaries/elements'], policies };
}

function importsOf({ policies }: Settings): Imports {
  return Object.fromEntries(
    policies.map(({ from, allow }) => {
      const { type } = from.element;
      return [type, allow.to.element.types.anyOf.filter((other) => other !== type).sort()];
    }),
  );
}

interface Room {
  readonly floor: number;
  readonly imports: readonly string[];
}

function shownRooms(markdown: string): Readonly<Record<string, Room>> {
  return Object.fromEntries(
    tableUnder(markdown, heading).map((row) => {
      const imports = [...(row['may import'] ?? '').matchAll(/[\w-]+/g)].map(([name]) => name);
      return [row['room'] ?? '', { floor: Number(row['floor']), imports: imports.sort() }];
    }),
  );
}

function shownImports(markdown: string): Imports {
  const rooms = Object.entries(shownRooms(markdown));
  return Object.fromEntries(rooms.map(([name, { imports }]) => [name, imports]));
}

/** The same page with one thing in its table changed. */
function planted(was: string, is: string): string {
  expect(page.split(was)).toHaveLength(2);
  return page.replace(was, is);
}

describe('the floors that docs/architecture.md shows', () => {
  test('are those that ESLint enforces', async () => {
    expect(shownImports(page)).toEqual(importsOf(await enforced()));
  });

  test('are the directories of src, each of which ESLint knows', async () => {
    const directories = readdirSync(join(root, 'src')).sort();
    expect(Object.keys(shownRooms(page)).sort()).toEqual(directories);
    const { elements } = await enforced();
    expect(elements.map(({ type }) => type).sort()).toEqual(directories);
    for (const { type, pattern } of elements) expect(pattern).toBe(`src/${type}`);
  });

  test('are stacked: every room imports from lower floors alone', () => {
    const rooms = shownRooms(page);
    const upwards = Object.entries(rooms).flatMap(([name, { floor, imports }]) =>
      imports
        .filter((other) => (rooms[other]?.floor ?? Infinity) >= floor)
        .map((other) => `${name} -> ${other}`),
    );
    expect(upwards).toEqual([]);
  });

  test.each([
    ['lets a room import more', '| `core` |\n| 0 |', '| `core`, `release` |\n| 0 |'],
    ['lets a room import less', '| `core` |\n| 0 |', '| |\n| 0 |'],
    ['leaves out a room', /^\| 4 \| `authoring` .*\n/m.exec(page)?.[0] ?? '', ''],
    ['names a room that is not there', '| 0 | `core` |', '| 0 | `attic` | | |\n| 0 | `core` |'],
  ])('are not the same as those of ESLint where the page %s', async (_what, was, is) => {
    expect(shownImports(planted(was, is))).not.toEqual(importsOf(await enforced()));
  });
});
