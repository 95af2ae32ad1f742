// Repositories to install from, generated once for each size.

import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { program } from './commands.mjs';

const fileBytes = 4096;
const filesPerDirectory = 100;
/** Every 20th file is another one in the second release: 5 %. */
const changedEvery = 20;
const committer = 'committer Bench <bench@example.invalid> 1700000000 +0000';

/**
 * A repository with two releases of one pack; the second changes 5 % of the files and no name.
 *
 * @typedef {{ id: string, url: string, packPath: string, before: string, after: string,
 *   files: number, name: string }} Source
 */

/** @returns {Source} `files` files of 4 KiB that do not compress, the same in every run */
export function generateSource(runner, directory, files) {
  const id = 'bench-pack';
  const packPath = `identity/packs/${id}`;
  const repository = createRepository(runner, join(directory, `source-${files}.git`));
  const stream = join(directory, `source-${files}.fast-import`);
  const output = openSync(stream, 'wx');
  const content = createContent();
  const write = (bytes) => writeSync(output, bytes);
  const modify = (path, bytes) => {
    write(`M 100644 inline ${packPath}/${path}\ndata ${bytes.length}\n`);
    write(bytes);
    write('\n');
  };
  write(`commit refs/heads/main\n${committer}\ndata 0\n`);
  modify('IDENTITY_PROMPT.md', Buffer.from('# Bench\n'));
  for (let index = 1; index < files; index += 1) modify(pathOf(index), content());
  write(`reset refs/tags/v1.0.0\nfrom refs/heads/main\n\n`);
  write(`commit refs/heads/main\n${committer}\ndata 0\n`);
  for (let index = changedEvery; index <= files; index += changedEvery) {
    modify(pathOf(index - 1), content());
  }
  write(`reset refs/tags/v1.1.0\nfrom refs/heads/main\n\ndone\n`);
  closeSync(output);
  fastImport(runner, repository, stream);
  return {
    id,
    packPath,
    files,
    url: pathToFileURL(repository).href,
    before: 'v1.0.0',
    after: 'v1.1.0',
    name: 'generated',
  };
}

/** @returns {Source} a real pack from a bundle, with a later release made up here */
export function bundledSource(runner, directory, bundle) {
  const id = 'system-requirements-analyst';
  const packPath = `identity/packs/${id}`;
  const repository = join(directory, 'source-real.git');
  runner.run(program('git', ['clone', '--quiet', '--bare', bundle, repository]));
  const git = (...args) => execFileSync('git', ['-C', repository, ...args], { maxBuffer: 1 << 26 });
  const before = 'v1.5.1';
  const after = 'v1.5.2';
  const paths = git('ls-tree', '-r', '-z', '--name-only', before, `${packPath}/`)
    .toString()
    .split('\0')
    .filter((path) => path !== '');
  // A replace leaves alone what the agent writes.
  const shipped = paths.filter((path) => !/\/(runtime\/|TASK_HISTORY|RULEBOOK)/.test(path));
  const stream = join(directory, 'source-real.fast-import');
  const output = openSync(stream, 'wx');
  const write = (bytes) => writeSync(output, bytes);
  write(`commit refs/heads/bench\n${committer}\ndata 0\nfrom ${before}^0\n`);
  for (const path of shipped.filter((_path, index) => index % changedEvery === 0)) {
    const old = git('cat-file', 'blob', `${before}:${path}`);
    const bytes = Buffer.concat([old, Buffer.from('\n')]);
    write(`M 100644 inline ${path}\ndata ${bytes.length}\n`);
    write(bytes);
    write('\n');
  }
  write(`reset refs/tags/${after}\nfrom refs/heads/bench\n\ndone\n`);
  closeSync(output);
  fastImport(runner, repository, stream);
  const url = pathToFileURL(repository).href;
  return { id, packPath, files: paths.length, url, before, after, name: 'real pack' };
}

function createRepository(runner, repository) {
  runner.run(
    program('git', [
      'init',
      '--quiet',
      '--bare',
      '--initial-branch=main',
      '--template=',
      repository,
    ]),
  );
  return repository;
}

function fastImport(runner, repository, stream) {
  const input = openSync(stream, 'r');
  const options = { cwd: repository, stdin: input };
  runner.run(program('git', ['fast-import', '--quiet', '--done', '--force'], options));
  closeSync(input);
}

function pathOf(index) {
  const directory = String(Math.floor(index / filesPerDirectory)).padStart(4, '0');
  return `knowledge/${directory}/${String(index).padStart(6, '0')}.bin`;
}

/** Key stream of a cipher with a fixed key: looks random, costs little, repeats in every run. */
function createContent() {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
  const zeros = Buffer.alloc(fileBytes);
  return () => cipher.update(zeros);
}
