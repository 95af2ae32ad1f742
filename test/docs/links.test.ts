import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { anchorsOf, deadCitations, deadLinks } from '../support/doc-links.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const root = join(import.meta.dirname, '..', '..');

/** Files below a directory of the repository, by the end of their names. */
function filesIn(directory: string, ending: RegExp): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(directory, name))
    .sort();
}

const documents = [
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'README.md',
  'starter/README.md',
  ...filesIn('docs', /\.md$/),
];
const sources = [
  'eslint.config.js',
  'vitest.config.ts',
  ...['bench', 'bin', 'scripts', 'src', 'test'].flatMap((room) => filesIn(room, /\.(ts|mjs|js)$/)),
];

test.each(documents)('every link of %s leads somewhere', (document) => {
  expect(deadLinks(join(root, document))).toEqual([]);
});

test('every page of docs/ is in its index', () => {
  const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
  const pages = filesIn('docs', /^[^/\\]+\.md$/).map((path) => path.replace(/^docs./, ''));
  const missing = pages.filter((page) => page !== 'README.md' && !index.includes(`](${page})`));
  expect(missing).toEqual([]);
});

test('every document that a comment cites is there, with the heading', () => {
  const dead = sources.flatMap((source) =>
    deadCitations(readFileSync(join(root, source), 'utf8'), root).map((link) => ({
      source,
      ...link,
    })),
  );
  expect(dead).toEqual([]);
});

describe('the check of links', () => {
  const page = { 'docs/page.md': '# Page\n\n## One thing\n\n## One thing\n' };

  it.each([
    ['nowhere.md', ['nowhere.md']],
    ['page.md#another-thing', ['page.md#another-thing']],
    ['#here', ['#here']],
    ['page.md', []],
    ['page.md#one-thing-1', []],
    ['#start', []],
    ['https://example.org/nowhere.md', []],
  ])('finds what is wrong with a link to %s', (target, dead) => {
    const text = `# Start\n\n[text](${target})\n`;
    const directory = temporaryDirectory({ ...page, 'docs/sample.md': text });
    expect(deadLinks(join(directory, 'docs/sample.md')).map((link) => link.target)).toEqual(dead);
  });

  it.each([
    ['/** The rule (docs/nowhere.md). */', ['docs/nowhere.md']],
    [' * (docs/page.md#another-thing)', ['docs/page.md#another-thing']],
    [['call();', '//', 'see docs/page.md#'].join(' '), ['docs/page.md#']],
    [' * The rule (PAGE.md §2).', ['PAGE.md §']],
    [' * The reason is ADR 0012.', ['ADR 0012']],
    ['/** The rule (docs/page.md#one-thing), and docs/page.md. */', []],
    ["const fixture = 'docs/nowhere.md';", []],
    ['/** https://example.org/docs/nowhere.md */', []],
  ])('finds what is wrong with the citation in %s', (source, dead) => {
    const directory = temporaryDirectory(page);
    expect(deadCitations(source, directory).map((link) => link.target)).toEqual(dead);
  });

  it.each([
    ['Modes', 'modes'],
    ['The record: `record/<id>.json`', 'the-record-recordidjson'],
    ['What is, and what is not – kept', 'what-is-and-what-is-not--kept'],
    ['The protocol’s own_name', 'the-protocols-own_name'],
    ['A [link](page.md#x) in it', 'a-link-in-it'],
    ['1. Intent', '1-intent'],
    ['Überschrift 2', 'überschrift-2'],
  ])('names the heading %s as GitHub does', (heading, anchor) => {
    expect(anchorsOf(`## ${heading}\n`)).toEqual([anchor]);
  });

  it('takes no heading from a block of code', () => {
    expect(anchorsOf('```sh\n# a comment\n```\n\n# A heading\n')).toEqual(['a-heading']);
  });
});
