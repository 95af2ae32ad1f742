import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { releases } from './releases.mjs';

/** Everything is below it, in a file system that ends with the script. */
const root = '/srv/identity';
const at = (name) => join(root, name);
const home = at('home');
const source = at('releases.git');
const beside = (path) => fileURLToPath(new URL(path, import.meta.url));
const beginning = Date.parse('2026-11-20T09:00:00Z');

/** Where a packed version runs, and the one home that it works on. */
export function openPlace(tarball) {
  for (const name of ['bin', 'user', 'kept']) mkdirSync(at(name), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', root]);
  const { version } = JSON.parse(readFileSync(at('package/package.json'), 'utf8'));
  symlinkSync(beside('../../node_modules'), at('package/node_modules'));
  for (const program of ['identity', 'identity-install', 'identity-rollback']) {
    // On PATH, so that undo lines have the bare name and not where the package is.
    symlinkSync(at(`package/bin/${program}.js`), at(`bin/${program}`));
  }
  execFileSync('cc', ['-O1', '-o', at('kill-at'), beside('../../test/support/kill-at.c')]);
  makeSource();
  return {
    version,
    home,
    source,
    instance: join(home, 'instances/helper'),
    /** Minutes since the beginning; also what chance is drawn from. */
    time: 0,
    passTime() {
      this.time += 1;
    },
    begin() {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home);
      this.time = 0;
    },
    /** @returns what goes back to the home as it is now */
    bookmark() {
      const { time } = this;
      const saved = tarOf(home);
      return () => {
        this.begin();
        this.time = time;
        execFileSync('tar', ['-xp', '-C', home], { input: saved });
      };
    },
    /** Puts a copy of the home aside, for `packKept`. */
    keep(name) {
      const copy = at(`kept/${name}`);
      mkdirSync(copy);
      execFileSync('tar', ['-xp', '-C', copy], { input: tarOf(home) });
    },
    /** Moves the homes that were kept into one archive: they have nearly everything in common. */
    packKept(file) {
      const bytes = tarOf(at('kept'));
      const params = {
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      };
      writeFileSync(file, brotliCompressSync(bytes, { params }));
      rmSync(at('kept'), { recursive: true });
      mkdirSync(at('kept'));
    },
    packReleases: (file) => git('bundle', 'create', '--quiet', file, '--all'),
    contents: () => tarOf(home).toString('base64'),
  };
}

/** With hard links and modes, and without times and users of this machine. */
function tarOf(directory) {
  const plain = ['--format=ustar', '--sort=name', '--mtime=2026-11-20 10:00:00Z'];
  const nobody = ['--owner=0', '--group=0', '--numeric-owner'];
  return execFileSync('tar', [...plain, ...nobody, '-C', directory, '-c', '.'], {
    maxBuffer: 1 << 28,
  });
}

/**
 * Runs a program of the version to its end, or to the system call at which it is killed.
 *
 * @param command `[program, ...arguments]`
 * @param disturbed variables of fixed-process.mjs
 * @param kill `{at, when}`, as kill-at takes them; `at` 0 only writes the calls down
 * @returns status, what was said, and the calls so far
 */
export function run(place, [program, ...args], { disturbed = {}, kill } = {}) {
  const log = at('calls');
  const killAt = [at('kill-at'), home, String(kill?.at), kill?.when, log];
  const preload = ['--import', beside('./fixed-process.mjs')];
  const [first, ...rest] = [
    ...(kill === undefined ? [] : killAt),
    ...[process.execPath, ...preload, at(`package/bin/${program}.js`)],
    ...[...args, '--home', home],
  ];
  const { status, stdout, stderr } = spawnSync(first, rest, {
    cwd: at('user'),
    encoding: 'utf8',
    env: {
      PATH: `${at('bin')}:${process.env.PATH}`,
      HOME: at('user'),
      LC_ALL: 'C',
      NO_COLOR: '1',
      FIXED_TIME: new Date(beginning + place.time * 60_000).toISOString(),
      FIXED_PROCESS: String(place.time),
      ...disturbed,
    },
  });
  const calls = kill === undefined ? [] : readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return { status, stdout, stderr, calls };
}

/** What a user sees of a home: path to `f <mode> <sha256>`, `d <mode>` or `l <target>`. */
export function treeOf(directory) {
  const table = {};
  const visit = (path) => {
    const absolute = join(directory, path);
    const stat = lstatSync(absolute);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) table[path] = `l ${readlinkSync(absolute)}`;
    else if (stat.isFile()) {
      const digest = createHash('sha256').update(readFileSync(absolute)).digest('hex');
      table[path] = `f ${mode} ${digest}`;
    } else {
      table[path] = `d ${mode}`;
      for (const name of readdirSync(absolute).sort()) visit(`${path}/${name}`);
    }
  };
  for (const name of ['catalog.local.yaml', 'instances']) {
    if (existsSync(join(directory, name))) visit(name);
  }
  // It is made on the way to the first instance and belongs to no state.
  delete table.instances;
  return table;
}

function makeSource() {
  execFileSync('git', [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--initial-branch=main',
    source,
  ]);
  const stream = Object.entries(releases).map(([tag, files]) => releaseStream(tag, files));
  git('fast-import', '--quiet', '--done', { input: `${stream.join('')}done\n` });
}

function releaseStream(tag, files) {
  const author = 'Author <author@example.invalid> 1700000000 +0000';
  const message = `data ${tag.length}\n${tag}\n`;
  const contents = Object.entries(files).map(([path, { mode, content }]) => {
    return `M ${mode} inline "${path}"\ndata ${Buffer.byteLength(content)}\n${content}\n`;
  });
  return [
    `commit refs/heads/main\ncommitter ${author}\n${message}deleteall\n`,
    ...contents,
    `tag ${tag}\nfrom refs/heads/main\ntagger ${author}\n${message}`,
  ].join('');
}

function git(...args) {
  const options = typeof args.at(-1) === 'object' ? args.pop() : {};
  const env = { PATH: process.env.PATH, GIT_DIR: source };
  execFileSync('git', args, { stdio: ['pipe', 'inherit', 'inherit'], env, ...options });
}
