import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { context } from '../../support/install-samples.ts';
import { chinesePath, formats, longPath, undo, wideScenes } from '../../support/wide-scenes.ts';

const cli = join(import.meta.dirname, '..', '..', '..', 'src', 'cli');
const scenes = Object.entries(wideScenes).flatMap(([name, list]) =>
  list.map((scene, index) => [`${name}, scene ${index + 1}`, scene] as const),
);

/** What must not be taken apart: a command line, or one word (a digest, a path, a marked id). */
function isToBeCopied(line: string): boolean {
  const text = line.trim().replace(/^[*=+~!-] /, '');
  return /^(?:identity|git)(?:-\w+)? /.test(text) || !/\s/.test(text);
}

/** Of a line that is too wide; nothing may be said beside it. */
function tooWide(text: string, columns: number): string[] {
  return text.split('\n').filter((line) => stringWidth(line) > columns && !isToBeCopied(line));
}

function isWithoutTrailingSpace(text: string): boolean {
  return text.split('\n').every((line) => line === line.trimEnd());
}

describe.each([50, 60, 80, 120])('at %d columns', (columns) => {
  it.each(scenes)('%s has no line that breaks', (_name, scene) => {
    const text = scene(context('', false, columns));
    expect(tooWide(text, columns)).toEqual([]);
    expect(isWithoutTrailingSpace(text)).toBe(true);
  });
});

it.each(scenes)('%s has the same lines with colours', (_name, scene) => {
  for (const columns of [50, 80]) {
    const coloured = scene(context('', true, columns)).replaceAll(/\u001b\[\d+m/g, '');
    expect(coloured).toBe(scene(context('', false, columns)));
  }
});

it('a colour never goes beyond its line', () => {
  for (const [, scene] of scenes) {
    for (const line of scene(context('', true, 50)).split('\n')) {
      let open = 0;
      for (const [, code] of line.matchAll(/\u001b\[(\d+)m/g)) {
        open += code === '22' || code === '39' ? -1 : 1;
        expect(open, line).toBeGreaterThanOrEqual(0);
      }
      expect(open, line).toBe(0);
    }
  }
});

it.each(['renderInstall', 'renderRollback', 'renderRegister'])(
  '%s has the undo command on a line of its own at any width',
  (name) => {
    for (const columns of [50, 60, 80, 120, undefined]) {
      const [scene] = wideScenes[name] ?? [];
      const lines = scene?.(context('', false, columns)).split('\n') ?? [];
      expect(lines.filter((line) => line.trim() === undo)).toHaveLength(1);
    }
  },
);

it('below 60 columns every field of a file has a line of its own', () => {
  const [, scene] = wideScenes['renderInstall'] ?? [];
  const lines = scene?.(context('', false, 59)).split('\n') ?? [];
  const sized = lines.filter((line) => /^ {6}.* [KMGT]?i?B$/.test(line));
  expect(sized.length).toBeGreaterThan(10);
  for (const line of sized) expect(line).toMatch(/^ +[\d.]+ [KMGT]?i?B$/);
});

it('where the text goes to a file nothing is shortened', () => {
  const [scene] = wideScenes['renderInstall'] ?? [];
  const text = scene?.(context()) ?? '';
  for (const path of [longPath, chinesePath]) {
    expect(text).toMatch(new RegExp(`^  [=+~!-] \\w+ +${path} +[\\d.]+ \\w+`, 'm'));
  }
  expect(text.split('\n').filter((line) => line.includes('…') && !line.includes('more'))).toEqual(
    [],
  );
});

it('knows every rendering', () => {
  const sources = readdirSync(cli, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(cli, file), 'utf8'));
  const renderings = sources.flatMap((source) =>
    [...source.matchAll(/^export (?:async )?function (render[A-Z]\w*)/gm)].map(([, name]) => name),
  );
  const others = new Set([...formats, 'renderInCells']);
  expect(renderings.filter((name) => !others.has(name ?? '')).sort()).toEqual(
    Object.keys(wideScenes).sort(),
  );
});
