import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Comments and messages of `src` read like documentation, and cite only pages of this repository. */

const root = join(import.meta.dirname, '../..');

/** "X is no Y", also where a comment or a long text breaks the line between the two words. */
const isNo = /(?<!\b[Tt]here )\b(?:is|are) (?:no|none)\b(?! longer)/g;
const foreignPage = /\b(?:DESIGN|HOSTILE|PROTOCOL)\.md\b/g;

/** The text with comments and joined texts on one line, since a line may break between any two words. */
function onOneLine(source: string): string {
  return source
    .replace(/\n[ \t]*(?:\*(?!\/)|\/\/)[ \t]*/g, ' ')
    .replace(/['"`] \+\n[ \t]*['"`]/g, '')
    .replace(/[ \t]+/g, ' ');
}

function found(source: string, pattern: RegExp): string[] {
  const text = onOneLine(source);
  return [...text.matchAll(pattern)].map(({ index }) =>
    text.slice(Math.max(0, index - 40), index + 40).replaceAll('\n', ' '),
  );
}

const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));

const foundInSources = (pattern: RegExp): string[] =>
  files.flatMap((file) =>
    found(readFileSync(join(root, file), 'utf8'), pattern).map((text) => `${file}: ${text}`),
  );

describe('the sources', () => {
  it('never say "is no" or "is none" of something', () => {
    expect(files.length).toBeGreaterThan(300);
    expect(foundInSources(isNo)).toEqual([]);
  });

  it('cite no page that a reader does not have', () => {
    expect(foundInSources(foreignPage)).toEqual([]);
  });

  it.each([
    '/** Undefined for what is no path. */',
    "throw new Error('The tags are none of these.');",
    '/**\n * A value that is\n * no path.\n */',
    '  // They are\n  // none of ours.',
    "'The value is ' +\n    'no path.'",
  ])('would be noticed: %j', (source) => {
    expect(found(source, isNo)).toHaveLength(1);
  });

  it.each([
    '/** Undefined if there is none. */',
    '/** Where\n * there\n * are no tags. */',
    '/** What is no longer there. */',
    "'There is no such tool.'",
  ])('may say: %j', (source) => {
    expect(found(source, isNo)).toEqual([]);
  });

  it.each(['DESIGN', 'HOSTILE', 'PROTOCOL'])('would be noticed to cite a page %s', (name) => {
    expect(found(`/** See ${name}.md §3. */`, foreignPage)).toHaveLength(1);
  });
});
