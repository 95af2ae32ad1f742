import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { errorCodes, type ErrorCode } from '../../src/core/error-codes.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { homeState, openScene, soundPack, type HostileScene } from '../support/hostile-scene.ts';
import { hostileReleases, type PackEntries } from '../support/hostile-tree.ts';
import { canMeasure, measure } from '../support/measured.ts';
import { startIn, type Program } from '../support/program.ts';
import { openRepository, type RepositoryFile } from '../support/repository.ts';
import { endOfArchive, rawMember, rawPax } from '../support/tar-fixtures.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const mebibyte = 1024 * 1024;
const mostMemory = 300 * 1000 * 1000;
/** As many as take a few seconds; a sound install takes a hundredth of them. */
const mostSteps = 100_000_000;

const figures: string[] = [];
afterAll(() => {
  if (process.env['SHOW_FIGURES'] !== undefined) console.log(figures.join('\n'));
});

/** The run is refused with the code within so many steps and 300 MB, and changes nothing. */
async function refusesCheaply(
  what: string,
  { directory, home }: { readonly directory: string; readonly home: string },
  code: ErrorCode,
  program: Program,
  ...args: string[]
) {
  const before = homeState(home);
  const ran = await measure({ directory }, program, ...args, '--home', home);
  const peaks = Object.entries(ran.peakBytes).map(
    ([name, bytes]) => `${name} ${Math.round(bytes / 1e6)}`,
  );
  figures.push(`${what}: ${code}, ${ran.steps} steps, MB: ${peaks.join(', ')}`);
  expect(ran.stderr).toMatch(new RegExp(`^error\\[${code}\\]: `));
  expect(ran.status).toBe(errorCodes[code].exit);
  expect(ran.steps).toBeGreaterThan(0);
  expect(ran.steps, what).toBeLessThan(mostSteps);
  expect(Object.keys(ran.peakBytes)).toContain('node');
  for (const [name, bytes] of Object.entries(ran.peakBytes)) {
    expect(bytes, `${name} of ${what}`).toBeLessThan(mostMemory);
  }
  expect(homeState(home)).toEqual(before);
  return ran;
}

const file = (name: string, oid: string) => ({ mode: '100644', name, oid });
const directoryEntry = (name: string, oid: string) => ({ mode: '40000', name, oid });

describe.skipIf(!canMeasure)('with bounded effort and 300 MB', () => {
  it.each<[string, ErrorCode, PackEntries]>([
    [
      'a pack of 10^10 entries',
      'E_PACK_LIMIT',
      (blob, { rawTree }) => {
        let oid = rawTree([file('x', blob)]);
        const names = '0 1 2 3 4 5 6 7 8 9'.split(' ');
        for (let level = 0; level < 10; level += 1) {
          const below = oid;
          oid = rawTree(names.map((name) => directoryEntry(name, below)));
        }
        return [directoryEntry('bomb', oid)];
      },
    ],
    [
      'one directory of 300,000 files',
      'E_PACK_LIMIT',
      (blob, { rawTree }) => {
        const names = Array.from({ length: 300_000 }, (_, index) => `f${index + 1_000_000}`);
        return [directoryEntry('wide', rawTree(names.map((name) => file(name, blob))))];
      },
    ],
    [
      'a file of 500 MB',
      'E_PACK_LIMIT',
      (_blob, { path }) => {
        const zeros = join(path, 'zeros');
        closeSync(openSync(zeros, 'w'));
        truncateSync(zeros, 500_000_000);
        const args = ['-c', 'core.bigFileThreshold=1m', 'hash-object', '-w', '--', zeros];
        const oid = execFileSync('git', args, {
          env: { PATH: process.env['PATH'], GIT_DIR: path },
        });
        truncateSync(zeros, 0);
        return [file('big.bin', oid.toString().trim())];
      },
    ],
    [
      'a META.yaml of 100 MB',
      'E_PACK_LIMIT',
      (_blob, { blob }) => [file('other.yaml', blob(Buffer.alloc(100_000_000, 'x: y\n')))],
    ],
  ])('%s is refused', async (what, code, entries) => {
    const scene = await openScene(startIn);
    const { repository } = scene;
    const tree = hostileReleases(repository)(entries);
    repository.annotate('v2.0.0', repository.commitTree(tree));
    const ran = await refusesCheaply(what, scene, code, 'identity-install', 'helper');
    expect(ran.stderr).toMatch(/over the limit of \d+\b.*\n[^]* give --max-/);
  });

  it('a tree of 3,000 levels is refused', async () => {
    const scene = await openScene(startIn);
    const { repository } = scene;
    const tip = deepTree(repository.path, 3000);
    const tree = hostileReleases(repository)(() => [directoryEntry('deep', tip)]);
    repository.annotate('v2.0.0', repository.commitTree(tree));
    await refusesCheaply('3,000 levels', scene, 'E_PACK_LIMIT', 'identity-install', 'helper');
  });

  const laughs = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...Array.from('bcdefghi', (name, index) => {
      const inner = Array.from({ length: 10 }, () => `*${'abcdefgh'[index] ?? ''}`).join(', ');
      return `${name}: &${name} [${inner}]`;
    }),
  ].join('\n');

  it.each<[string, ErrorCode, Record<string, RepositoryFile>, ...string[]]>([
    ['an alias bomb', 'E_DOCUMENT_INVALID', { 'META.yaml': `id: helper\n${laughs}\n` }],
    [
      '20,000 nested brackets in YAML',
      'E_DOCUMENT_INVALID',
      { 'META.yaml': `id: helper\nx: ${'['.repeat(20_000)}${']'.repeat(20_000)}\n` },
    ],
    [
      '20,000 nested brackets in JSON',
      'E_DOCUMENT_INVALID',
      { 'CURRENT_TASK.json': `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
    ],
    [
      'a META.yaml of 100 MB that the limits let in',
      'E_DOCUMENT_INVALID',
      { 'META.yaml': Buffer.alloc(100_000_000, 'x: y\n') },
      '--max-file-bytes',
      '1G',
    ],
  ])('%s is refused', async (what, code, files, ...more) => {
    const scene = await openScene(startIn);
    const { repository } = scene;
    repository.annotate('v2.0.0', repository.commit(helperRelease({ ...soundPack, ...files })));
    await refusesCheaply(what, scene, code, 'identity-install', 'helper', ...more);
  });

  it('a repository of 1,000,000 tags is refused', async () => {
    const scene = await openScene(startIn);
    const { repository } = scene;
    const commit = repository.git('rev-parse', 'v1.0.0^{commit}');
    const header = '# pack-refs with: peeled fully-peeled sorted \n';
    writeFileSync(join(repository.path, 'packed-refs'), header + millionTags(commit));
    const ran = await refusesCheaply(
      'a million tags',
      scene,
      'E_SOURCE_UNREACHABLE',
      'identity-install',
      'helper',
    );
    expect(ran.stderr).toContain('announced more than a protocol repository can hold');
  });

  it.each([
    ['the newest of them', []],
    ['a commit', ['--release', '1'.repeat(40)]],
  ])('a bundle of 1,000,000 tags is refused when %s is asked for', async (_what, asked) => {
    const { directory, home } = await openScene(startIn);
    const bundle = join(directory, 'releases.bundle');
    writeFileSync(bundle, `# v2 git bundle\n${millionTags('1'.repeat(40))}\n`);
    const ran = await refusesCheaply(
      'a bundle of a million tags',
      { directory, home },
      'E_SOURCE_UNREACHABLE',
      'identity-install',
      'helper',
      '--from',
      bundle,
      ...asked,
    );
    expect(ran.stderr).toContain('announced more than a protocol repository can hold');
  });

  it.each<[string, (path: string) => void]>([
    [
      'says that a file has 500 MB',
      (path) => writeArchive(path, [rawMember({ path: 'big', size: 500_000_000 })]),
    ],
    [
      'says that a file has 10 GB, in a pax header',
      (path) =>
        writeArchive(path, [
          rawPax({ path: 'big', size: 10_000_000_000 }),
          rawMember({ path: 'big' }),
        ]),
    ],
    [
      'is 10 GB of zeros in a hundred files',
      (path) => {
        const zeros = gzipSync(Buffer.alloc(60 * mebibyte), { level: 9 });
        const parts = Array.from({ length: 170 }, (_, index) => [
          gzipSync(rawMember({ path: `zeros-${index}`, size: 60 * mebibyte })),
          zeros,
        ]).flat();
        writeInto(path, [...parts, gzipSync(endOfArchive)]);
      },
    ],
    [
      'is 10 GB behind its end',
      (path) => {
        const zeros = gzipSync(Buffer.alloc(60 * mebibyte), { level: 9 });
        writeInto(path, [gzipSync(endOfArchive), ...Array.from({ length: 170 }, () => zeros)]);
      },
    ],
    [
      'has a million members',
      (path) => {
        const headers = Array.from({ length: 20_000 }, (_, index) =>
          rawMember({ path: `m${index}` }),
        );
        const block = gzipSync(Buffer.concat(headers));
        writeInto(
          path,
          Array.from({ length: 50 }, () => block),
        );
      },
    ],
  ])('an archive that %s is refused', async (what, make) => {
    const directory = temporaryDirectory();
    const path = join(directory, 'helper.tar.gz');
    make(path);
    const home = join(directory, 'home');
    mkdirSync(home);
    const code: ErrorCode =
      ({
        'is 10 GB behind its end': 'E_SOURCE_UNREACHABLE',
        'has a million members': 'E_PACK_ENTRY',
      }[what] as ErrorCode | undefined) ?? 'E_PACK_LIMIT';
    await refusesCheaply(what, { directory, home }, code, 'identity-install', '--from', path);
  });

  it('a directory with a sparse file of 500 GB is refused', async () => {
    const directory = temporaryDirectory({ 'helper/META.yaml': 'id: helper\n', 'helper/big': '' });
    truncateSync(join(directory, 'helper/big'), 500_000_000_000);
    const home = join(directory, 'home');
    mkdirSync(home);
    const from = join(directory, 'helper');
    const ran = await refusesCheaply(
      'a sparse file',
      { directory, home },
      'E_PACK_LIMIT',
      'identity-install',
      '--from',
      from,
    );
    expect(ran.stderr).toContain('500000000000 bytes, over the limit of 67108864');
  });

  it.each<[string, ErrorCode, (scene: HostileScene) => string]>([
    ['record', 'E_RECORD_DAMAGED', ({ state }) => join(state, 'record', 'helper.json')],
    ['ledger', 'E_LEDGER_DAMAGED', ({ state }) => join(state, 'ledger.jsonl')],
    ['local catalog', 'E_CATALOG_LOCAL', ({ home }) => join(home, 'catalog.local.yaml')],
  ])('a %s of 1 GB in the home is refused', async (what, code, place) => {
    const scene = await openScene(startIn);
    const path = place(scene);
    closeSync(openSync(path, 'a'));
    truncateSync(path, 1_000_000_000);
    const { directory, home } = scene;
    const ran = await measure({ directory }, 'identity', 'verify', '--home', home);
    figures.push(`${what}: ${ran.steps} steps ${JSON.stringify(ran.peakBytes)}`);
    expect(ran.stderr).toContain(`error[${code}]`);
    expect(ran.steps, what).toBeLessThan(mostSteps);
    for (const bytes of Object.values(ran.peakBytes)) expect(bytes).toBeLessThan(mostMemory);
    truncateSync(path, 0);
  });
});

function millionTags(commit: string): string {
  const lines = Array.from(
    { length: 1_000_000 },
    (_, index) => `${commit} refs/tags/v9.0.${1_000_000 + index}\n`,
  );
  return lines.join('');
}

function writeInto(path: string, parts: readonly Buffer[]): void {
  const out = openSync(path, 'w');
  for (const part of parts) writeSync(out, part);
  closeSync(out);
}

function writeArchive(path: string, parts: readonly Buffer[]): void {
  const meta = rawMember({ path: 'META.yaml' }, 'id: helper\n');
  writeInto(path, [gzipSync(Buffer.concat([meta, ...parts]))]);
}

/** Directories inside each other, made by one process. @returns the outermost */
function deepTree(path: string, levels: number): string {
  const inner = Array.from({ length: levels }, () => 'd').join('/');
  const input = `commit refs/deep\ncommitter T <t@example.invalid> 0 +0000\ndata 0\nM 100644 inline ${inner}/x\ndata 1\nx\ndone\n`;
  execFileSync('git', ['fast-import', '--quiet', '--done'], {
    env: { PATH: process.env['PATH'], GIT_DIR: path },
    input,
  });
  const tip = openRepository(path).git('rev-parse', 'refs/deep^{tree}');
  openRepository(path).git('update-ref', '-d', 'refs/deep');
  return tip;
}
