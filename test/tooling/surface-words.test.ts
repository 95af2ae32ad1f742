import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * Errors, findings and warnings reach a command line and servers alike, so no text below `cli` may
 * name options or commands of the command line; a remedy carries them as data (`core/remedy.ts`).
 */

const root = join(import.meta.dirname, '../..');

const option = /(?<![\w-])--[a-z]/;
const commandLine =
  /\bidentity-(?:install|rollback) (?:[<"'-]|[a-z]+-)|(?:^|["'`]|\b[Rr]un )identity (?:activate|compile|create|history|list|match|mcp|recover|register|serve|show|validate|verify)\b/;

/** Texts that hold such words and are not advice about this program. */
const exceptions: Readonly<Record<string, readonly (readonly [text: RegExp, reason: string])[]>> = {
  'src/platform/git/adapter.ts': [
    [/^--[a-z-]+(=|$)/, 'an argument of git'],
    [/^git config --global$/, 'the git command that is run'],
  ],
  'src/platform/git/cat-file.ts': [[/^--[a-z-]+$/, 'an argument of git']],
  'src/platform/git/fast-import.ts': [
    [/^--[a-z-]+(=\w+)?$/, 'an argument of git'],
    [/^committer identity-install </, 'who commits to the store'],
  ],
  'src/platform/git/plumbing.ts': [[/^--[a-z0-9-]+(=\w*)?$/, 'an argument of git']],
  'src/platform/git/failure-kinds.ts': [[/`git bundle create [^`]*`/, 'a git command to type']],
  'src/release/source-local.ts': [[/`git bundle create [^`]*`/, 'a git command to type']],
  'src/protocol/creator/run-evidence.ts': [[/^ --dry-run$/, 'content of a pack: how it was run']],
  'src/protocol/creator/compile-brief.ts': [[/^This file is compiled by/, 'content of a brief']],
  'src/protocol/contracts/install-safety.ts': [
    [/^identity-rollback sample-identity$/, 'content of a sample pack'],
  ],
  'src/server/mcp/remedy-text.ts': [
    [/^run `identity (create|recover|register)`$/, 'what a person has to do on the command line'],
  ],
};

interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

function textsOf(file: string): Found[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(root, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ file, line, text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((file) => !file.startsWith('src/cli/'));

const naming = files
  .flatMap(textsOf)
  .filter(({ text }) => option.test(text) || commandLine.test(text));

const isExcepted = ({ file, text }: Found): boolean =>
  (exceptions[file] ?? []).some(([excepted]) => excepted.test(text));

describe('texts outside of the command line', () => {
  it('name no option and no command of it', () => {
    expect(naming.filter((found) => !isExcepted(found))).toEqual([]);
  });

  it('are excepted only where there is something to except', () => {
    const unused = Object.entries(exceptions).flatMap(([file, parts]) =>
      parts
        .filter(([part]) => !naming.some((found) => found.file === file && part.test(found.text)))
        .map(([part]) => `${file}: ${part.source}`),
    );
    expect(unused).toEqual([]);
  });

  it.each([
    'Wait with --wait <seconds>.',
    '--frozen has nothing to stay with',
    'Run `identity recover` there.',
    'identity verify checks it',
    'Install it with identity-install <id>.',
    'identity-rollback --list shows it',
  ])('would be noticed: %s', (text) => {
    expect(option.test(text) || commandLine.test(text)).toBe(true);
  });

  it.each(['This is the identity list of a home.', 'schema identity-install/plan@1', 'a -- b'])(
    'are left alone: %s',
    (text) => {
      expect(option.test(text) || commandLine.test(text)).toBe(false);
    },
  );
});
