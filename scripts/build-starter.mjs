// Builds the embedded starter: a git bundle with one commit and one annotated tag per folder
// of starter/releases. The same folders give the same commit ids on every machine, and a
// published id is recorded in starter/releases.json so that a release cannot change unnoticed.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureDirSync, readJsonSync } from 'fs-extra/esm';

const STARTER = fileURLToPath(new URL('../starter', import.meta.url));
const OUTPUT = fileURLToPath(new URL('../dist/starter.bundle', import.meta.url));
const VERSION = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const PORTABLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Writes the bundle to `outputPath`, whose directory is created. Work happens in a temporary
 * directory beside it; the output appears complete or not at all.
 *
 * @param {string} outputPath
 * @param {{ source?: string }} [options] `source`: a directory like `starter/`
 * @returns {{ version: string, commit: string }[]} in the order of the versions
 * @throws {Error} when folders and `releases.json` disagree or a commit id is not the recorded one
 */
export function buildStarter(outputPath, { source = STARTER } = {}) {
  const { author, releases } = readReleases(source);
  const output = resolve(outputPath);
  ensureDirSync(dirname(output));
  const work = mkdtempSync(join(dirname(output), '.starter-'));
  try {
    const repository = join(work, 'starter.git');
    git(['init', '--quiet', '--bare', '--template=', repository]);
    git(['symbolic-ref', 'HEAD', 'refs/heads/main'], { repository });
    const stream = importStream(source, author, releases);
    git(['fast-import', '--quiet'], { repository, input: stream });

    const built = releases.map(({ version }) => ({
      version,
      commit: git(['rev-parse', '--verify', `refs/tags/${version}^{commit}`], { repository }),
    }));
    checkRecorded(releases, built);

    const bundle = join(work, 'starter.bundle');
    git(['bundle', 'create', bundle, 'HEAD', 'main', '--tags'], { repository });
    renameSync(bundle, output);
    return built;
  } finally {
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readReleases(source) {
  const { author, releases } = readJsonSync(join(source, 'releases.json'));
  for (const { version, date, message } of releases) {
    if (!VERSION.test(version)) throw new Error(`releases.json: not a version: ${version}`);
    if (Number.isNaN(Date.parse(date))) throw new Error(`releases.json: ${version} has no date`);
    if (!message) throw new Error(`releases.json: ${version} has no message`);
  }
  const recorded = releases.map(({ version }) => version);
  const folders = readdirSync(join(source, 'releases'));
  const odd = [
    ...folders.filter((name) => !recorded.includes(name)).map((name) => `releases/${name}`),
    ...recorded.filter((name) => !folders.includes(name)).map((name) => `entry ${name}`),
  ];
  if (odd.length > 0 || folders.length !== recorded.length) {
    throw new Error(
      `Every folder of releases/ needs exactly one entry in releases.json, and the reverse. ` +
        `Look at: ${odd.join(', ') || 'a version listed twice'}.`,
    );
  }
  return { author, releases: [...releases].sort(byVersion) };
}

function byVersion(a, b) {
  const [left, right] = [a, b].map(({ version }) => VERSION.exec(version).slice(1).map(Number));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** The input of `git fast-import`: every tree is complete, every file has mode 100644. */
function importStream(source, author, releases) {
  const parts = [];
  const data = (bytes) => parts.push(`data ${bytes.length}\n`, bytes, '\n');
  for (const { version, date, message } of releases) {
    const who = `${author.name} <${author.email}> ${Date.parse(date) / 1000} +0000`;
    parts.push(`commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n`);
    data(Buffer.from(`${version}: ${message}\n`));
    parts.push('deleteall\n');
    const root = join(source, 'releases', version);
    for (const path of listFiles(root)) {
      parts.push(`M 100644 inline ${path}\n`);
      data(readFileSync(join(root, path)));
    }
    parts.push(`tag ${version}\nfrom refs/heads/main\ntagger ${who}\n`);
    data(Buffer.from(`${version}\n\n${message}\n`));
  }
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

function listFiles(root, below = '') {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!PORTABLE_NAME.test(entry.name)) throw new Error(`Not a portable name: ${path} in ${root}`);
    if (entry.isDirectory()) return listFiles(root, path);
    if (!entry.isFile()) throw new Error(`Neither file nor directory: ${path} in ${root}`);
    return [path];
  });
}

function checkRecorded(releases, built) {
  const problems = releases.flatMap(({ version, commit: recorded }, index) => {
    const { commit } = built[index];
    if (recorded === commit) return [];
    if (!recorded) {
      return [
        `${version} is new: when its folder is final, record "commit": "${commit}" for it in ` +
          `starter/releases.json.`,
      ];
    }
    return [
      `${version} changed: recorded ${recorded}, built ${commit}. A published release never ` +
        `changes. Restore starter/releases/${version}, its date and its message, and put the ` +
        `change into a new folder with a higher version and its own entry in ` +
        `starter/releases.json.`,
    ];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Nothing of the user's git reaches the build: no configuration, no hooks, no environment. */
function git(args, { repository, input } = {}) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_DEFAULT_HASH: 'sha1',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
  const config = ['core.autocrlf=false', 'commit.gpgSign=false', 'tag.gpgSign=false'];
  const options = config.flatMap((setting) => ['-c', setting]);
  if (repository) options.push(`--git-dir=${repository}`);
  return execFileSync('git', [...options, ...args], {
    env,
    input: input ?? '',
    encoding: 'utf8',
    stdio: 'pipe',
    windowsHide: true,
  }).trim();
}

const script = process.argv[1];
if (script && import.meta.url === pathToFileURL(realpathSync(script)).href) {
  for (const { version, commit } of buildStarter(OUTPUT)) console.log(`${version} ${commit}`);
}
