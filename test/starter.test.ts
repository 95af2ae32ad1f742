import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildStarter, type StarterRelease } from '../scripts/build-starter.mjs';

const starter = fileURLToPath(new URL('../starter', import.meta.url));
const versions = readdirSync(join(starter, 'releases'));
const packs = ['code-reviewer', 'release-engineer'];

let temporary: string;
let repository: string;
let built: StarterRelease[];

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'starter-test-'));
  built = buildStarter(join(temporary, 'out', 'starter.bundle'));
  repository = join(temporary, 'starter.git');
  execFileSync('git', ['clone', '-q', '--bare', join(temporary, 'out/starter.bundle'), repository]);
}, 60_000);

afterAll(() => rmSync(temporary, { recursive: true, force: true, maxRetries: 5 }));

describe('the bundle', () => {
  test('holds one annotated tag per folder, and main at the newest', () => {
    expect(lines('tag', '--list')).toEqual(versions);
    for (const version of versions) expect(git('cat-file', '-t', version)).toBe('tag');
    expect(git('rev-parse', 'main')).toBe(git('rev-parse', `${newest()}^{commit}`));
    expect(lines('rev-list', 'main')).toHaveLength(versions.length);
  });

  test('has the recorded commit ids', () => {
    const recorded = readRecorded().releases.map(({ version, commit }) => ({ version, commit }));
    expect(built).toEqual(recorded);
    for (const { version, commit } of recorded) {
      expect(git('rev-parse', `${version}^{commit}`)).toBe(commit);
    }
  });

  test.each(versions)('%s is its folder, byte for byte', (version) => {
    const entries = lines('ls-tree', '-r', '-z', version);
    const root = join(starter, 'releases', version);
    const expected = listFiles(root).map((path) => {
      const bytes = readFileSync(join(root, path));
      return `100644 blob ${blobId(bytes)}\t${path}`;
    });
    expect(entries.sort()).toEqual(expected.sort());
  });

  test('is alone beside its output', () => {
    expect(readdirSync(join(temporary, 'out'))).toEqual(['starter.bundle']);
  });

  test.each(packs)('v1.1.0 changes, adds and removes files of %s', (id) => {
    const path = `identity/packs/${id}`;
    const changes = lines('diff', '--no-renames', '--name-status', 'v1.0.0', 'v1.1.0', '--', path);
    expect(new Set(changes.map((line) => line.charAt(0)))).toEqual(new Set(['A', 'D', 'M']));
  });
});

describe('the build refuses', () => {
  test('a released folder that changed, and leaves no bundle', () => {
    const source = copyStarter('changed');
    appendFileSync(join(source, 'releases/v1.0.0/identity/protocol/README.md'), 'more\n');
    const output = join(temporary, 'changed-out', 'starter.bundle');
    expect(() => buildStarter(output, { source })).toThrow(/v1\.0\.0 changed: recorded .*never/s);
    expect(existsSync(output)).toBe(false);
    expect(readdirSync(join(temporary, 'changed-out'))).toEqual([]);
  });

  test('a folder without an entry', () => {
    const source = copyStarter('folder');
    cpSync(join(source, 'releases/v1.1.0'), join(source, 'releases/v1.2.0'), { recursive: true });
    expect(() => buildIn('folder', source)).toThrow('releases/v1.2.0');
  });

  test('a new release without a recorded id, and says which id to record', () => {
    const source = copyStarter('new');
    cpSync(join(source, 'releases/v1.1.0'), join(source, 'releases/v1.10.0'), { recursive: true });
    const recorded = readRecorded();
    const entry = { version: 'v1.10.0', date: '2026-12-01T00:00:00Z', message: 'Next', commit: '' };
    const releases = [entry, ...recorded.releases];
    writeFileSync(join(source, 'releases.json'), JSON.stringify({ ...recorded, releases }));
    expect(() => buildIn('new', source)).toThrow(/^v1\.10\.0 is new: .*"commit": "[0-9a-f]{40}"/);
  });
});

function buildIn(name: string, source: string): StarterRelease[] {
  return buildStarter(join(temporary, `${name}-out`, 'starter.bundle'), { source });
}

function copyStarter(name: string): string {
  const source = join(temporary, name);
  cpSync(starter, source, { recursive: true });
  return source;
}

interface Recorded {
  author: { name: string; email: string };
  releases: { version: string; date: string; message: string; commit: string }[];
}

function readRecorded(): Recorded {
  return JSON.parse(readFileSync(join(starter, 'releases.json'), 'utf8')) as Recorded;
}

function newest(): string {
  return built.at(-1)?.version ?? '';
}

function git(...args: string[]): string {
  return execFileSync('git', ['--git-dir', repository, ...args], { encoding: 'utf8' }).trim();
}

function lines(...args: string[]): string[] {
  return git(...args)
    .split(/[\0\n]/)
    .filter((line) => line !== '');
}

function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .map((path) => path.replaceAll('\\', '/'));
}
