import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src/core/error-codes.ts';
import { helperRelease } from '../../support/helper-pack.ts';
import { liveDigests, lostFrom, problemsOf, viewOf } from '../../support/home-state.ts';
import { programFile, runIn } from '../../support/program.ts';
import { makeRepository, type RepositoryFile } from '../../support/repository.ts';
import { recordFigures, sampled } from '../../support/sweep.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { copyTree } from '../../support/tree.ts';

/** A pack whose files differ between versions, in several directories. */
function release(version: string) {
  const files: Record<string, RepositoryFile> = {
    'IDENTITY_PROMPT.md': version,
    [`only/${version}`]: version,
  };
  for (let index = 0; index < 12; index += 1) {
    files[`part-${index % 3}/file-${index}`] = `${version} of ${index}\n`.repeat(500);
  }
  return helperRelease(files);
}

interface Prepared {
  /** A home with the first release, edits of a user, and the second release in the store. */
  readonly saved: string;
  readonly directory: string;
  readonly args: readonly string[];
  readonly old: string;
  readonly new: string;
}

function prepare(): Prepared {
  const directory = temporaryDirectory();
  const from = makeRepository({ 'v1.0.0': release('v1'), 'v2.0.0': release('v2') }, directory).path;
  const saved = join(directory, 'saved');
  const person = { directory };
  const install = (home: string, ...more: readonly string[]) => {
    const ran = runIn(person, 'identity-install', '--home', home, ...more);
    expect(ran.status, ran.stderr).toBe(0);
  };
  install(saved, '--from', from, '--release', 'v1.0.0');
  install(saved, '--from', from, '--plan');
  writeFileSync(join(saved, 'instances/helper/part-0/file-0'), 'mine\n');
  writeFileSync(join(saved, 'instances/helper/notes'), 'mine too\n');
  const args = ['--from', from, '--offline', '--replace', '--backup', '--prune'];
  const done = join(directory, 'done');
  copyTree(saved, done);
  install(done, ...args);
  return { saved, directory, args, old: viewOf(saved, 'helper'), new: viewOf(done, 'helper') };
}

interface Ended {
  /** The exit code of the install, and what it said. */
  readonly status: number;
  readonly stderr: string;
  /** The home after the next command, which had all it needs. */
  readonly home: string;
}

/** Whether what was left is the old or the new state, nothing is lost, and what was said is true. */
async function judge(prepared: Prepared, { status, stderr, home }: Ended): Promise<'old' | 'new'> {
  const found = viewOf(home, 'helper');
  expect([prepared.old, prepared.new], stderr).toContain(found);
  if (status === 0) expect(found).toBe(prepared.new);
  expect(await problemsOf(home)).toEqual([]);
  expect(await lostFrom(home, liveDigests(prepared.saved))).toEqual([]);
  return found === prepared.new ? 'new' : 'old';
}

function codeIn(stderr: string): keyof typeof errorCodes | undefined {
  return /^error\[(\w+)\]/m.exec(stderr)?.[1] as keyof typeof errorCodes | undefined;
}

/**
 * In a mount namespace of its own, so that nothing of it is left: a small file system with the
 * home, filled until only so much is left; the install; room again; the next command; the home
 * copied out.
 */
const onFullDisk = `
set -e
disk=$1; out=$2; saved=$3; kind=$4; left=$5; node=$6; install=$7; identity=$8; shift 8
mount -t tmpfs -o size=8m,nr_inodes=1500 tmpfs "$disk"
cp -a "$saved" "$disk/home"
mkdir "$disk/ballast"
if [ "$kind" = files ]; then
  free=$(df --output=iavail "$disk" | tail -n 1)
  seq "$((free - left))" | (cd "$disk/ballast" && xargs touch)
else
  free=$(df --output=avail -k "$disk" | tail -n 1)
  head -c "$(((free - left) * 1024))" /dev/zero > "$disk/ballast/zeros"
fi
status=0
"$node" "$install" --home "$disk/home" "$@" > "$out/stdout" 2> "$out/stderr" || status=$?
echo "$status" > "$out/status"
rm -r "$disk/ballast"
"$node" "$identity" recover --home "$disk/home" > "$out/recovered" 2>&1
cp -a "$disk/home" "$out/home"
`;

function canMount(): boolean {
  const directory = temporaryDirectory();
  const script = 'mount -t tmpfs tmpfs "$1" && df --output=iavail "$1"';
  return spawnSync('unshare', ['-m', 'sh', '-c', script, 'sh', directory]).status === 0;
}

test('on a full file system the old or the new state is left, and the next command works', async ({
  skip,
}) => {
  skip(!canMount(), 'mounting a file system needs root and unshare');
  const prepared = prepare();
  const disk = join(prepared.directory, 'disk');
  const out = join(prepared.directory, 'out');
  const points = [
    ...Array.from({ length: 31 }, (_none, index) => ({ kind: 'files', left: 2 * index })),
    ...Array.from({ length: 21 }, (_none, index) => ({ kind: 'kilobytes', left: 12 * index })),
  ];
  const figures = { points: 0, old: 0, new: 0, recovered: 0, mixed: 0, lost: 0 };
  mkdirSync(disk);
  for (const { kind, left } of sampled(points, 6)) {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    const args = [disk, out, prepared.saved, kind, String(left), process.execPath];
    const programs = [programFile('identity-install'), programFile('identity')];
    const shell = spawnSync(
      'unshare',
      ['-m', 'sh', '-c', onFullDisk, 'sh', ...args, ...programs, ...prepared.args],
      { cwd: prepared.directory, encoding: 'utf8' },
    );
    expect(shell.status, shell.stderr).toBe(0);
    const stderr = readFileSync(join(out, 'stderr'), 'utf8');
    const status = Number(readFileSync(join(out, 'status'), 'utf8'));
    if (status !== 0) {
      const code = codeIn(stderr);
      expect(code, `${left} ${kind} left: ${stderr}`).toBe('E_NO_SPACE');
      expect(status).toBe(errorCodes.E_NO_SPACE.exit);
    }
    figures[await judge(prepared, { status, stderr, home: join(out, 'home') })] += 1;
    figures.points += 1;
    if (readFileSync(join(out, 'recovered'), 'utf8').includes('helper')) figures.recovered += 1;
  }
  expect(figures.old).toBeGreaterThan(0);
  expect(figures.new).toBeGreaterThan(0);
  recordFigures('a full file system, end to end', figures);
});

test.skipIf(process.platform === 'win32')(
  'with too few open files allowed the old or the new state is left, and the next command works',
  async () => {
    const prepared = prepare();
    const home = join(prepared.directory, 'home');
    const person = { directory: prepared.directory };
    const figures = { points: 0, old: 0, new: 0, recovered: 0, mixed: 0, lost: 0 };
    // Node itself does not start with much less; with the most of these there are enough.
    const points = Array.from({ length: 45 }, (_none, index) => index + 20);
    for (const limit of sampled(points, 8)) {
      rmSync(home, { recursive: true, force: true });
      copyTree(prepared.saved, home);
      const script = `ulimit -n ${limit} && exec "$@"`;
      const program = [process.execPath, programFile('identity-install'), '--home', home];
      const { status, stderr } = spawnSync(
        'sh',
        ['-c', script, 'sh', ...program, ...prepared.args],
        { cwd: prepared.directory, encoding: 'utf8' },
      );
      // Where node cannot load the program, it says so in words of its own.
      const code = codeIn(stderr);
      if (code !== undefined) expect(status, stderr).toBe(errorCodes[code].exit);
      expect(code, `${limit} files: ${stderr}`).not.toBe('E_BUG');
      expect(runIn(person, 'identity', 'recover', '--home', home).status).toBe(0);
      const ended = { status: status ?? -1, stderr, home };
      figures[await judge(prepared, ended)] += 1;
      figures.points += 1;
    }
    expect(figures.new).toBeGreaterThan(0);
    recordFigures('too few open files, end to end', figures);
  },
);
