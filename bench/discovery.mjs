// 1,000 identities in 50 roots, listed by us and by `ls -R`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { outputFileSync } from 'fs-extra/esm';
import { ours, program } from './commands.mjs';

const rootCount = 50;
const idsInRoot = 20;
/** As few as a pack may have: `ls -R` reads the name of every file, we do not. */
const packFiles = ['IDENTITY_PROMPT.md', 'CURRENT_TASK.json', 'TASK_HISTORY.md', 'META.yaml'];

/** What is compared with `ls -R` on the same roots; `goal` where there is one. */
export const listings = [
  { key: 'again', ours: 'a running `identity serve`, asked again', goal: 10 },
  { key: 'reload', ours: 'a running `identity serve`, `forceReload`', goal: 10 },
  { key: 'process', ours: '`identity list --json`, a process of its own' },
];

/** Files younger than this are read again each time, so nothing is measured before. */
const settledMs = 2500;
/** After an answer a server looks once more, when it has been quiet for 200 ms. */
const quietMs = 500;

/**
 * @returns {Promise<Record<string, number[][]>>} pairs of ours and `ls -R` in milliseconds, by the
 *   keys of `listings`
 */
export async function listTimes(runner, directory, samples) {
  const roots = Array.from({ length: rootCount }, (_root, number) =>
    makeRoot(join(directory, `root-${number}`), number),
  );
  const [cwd, ...extraRoots] = roots;
  const list = ours('identity', [
    'list',
    '--json',
    ...extraRoots.flatMap((root) => ['--root', root]),
  ]);
  const ls = program('ls', ['-R', ...roots]);
  await pause(settledMs);
  const server = startServer(runner, { cwds: [cwd], extraRoots });
  const times = { again: [], reload: [], process: [] };
  try {
    await server.list(false);
    for (let sample = 0; sample < samples; sample += 1) {
      times.again.push([await server.list(false), runner.time(ls)]);
      times.reload.push([await server.list(true), runner.time(ls)]);
      times.process.push([runner.time({ ...list, cwd }), runner.time(ls)]);
    }
  } finally {
    await server.stop();
  }
  return times;
}

function makeRoot(root, number) {
  const ids = Array.from({ length: idsInRoot }, (_id, index) => `identity-${number}-${index}`);
  for (const id of ids) {
    const pack = join(root, 'identity', 'packs', id);
    for (const name of packFiles) outputFileSync(join(pack, name), '');
  }
  const entries = ids.map((id) =>
    [
      `  - id: "${id}"`,
      `    title: "Title of ${id}"`,
      `    description: "What ${id} is there for"`,
      '    status: "active"',
      '    methodology_version: "v1.0"',
      `    pack_path: "identity/packs/${id}"`,
    ].join('\n'),
  );
  mkdirSync(join(root, 'identity', 'catalog'));
  writeFileSync(
    join(root, 'identity', 'catalog', 'identities.yaml'),
    `version: "1.0"\ndefault_identity: ""\nidentities:\n${entries.join('\n')}\n`,
  );
  return root;
}

/** A server of our own, which is asked one thing at a time. */
function startServer(runner, request) {
  const { file, args } = ours('identity', ['serve']);
  const child = spawn(file, args, { ...runner.children, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    /** Milliseconds from the question to the whole answer, which must be complete. */
    async list(forceReload) {
      await pause(quietMs);
      const call = { id: 1, method: 'identity/list', params: { ...request, forceReload } };
      const began = process.hrtime.bigint();
      child.stdin.write(`${JSON.stringify(call)}\n`);
      const { value } = await lines.next();
      const time = Number(process.hrtime.bigint() - began) / 1e6;
      const [{ identities, errors }] = JSON.parse(value).result.data;
      if (identities.length === rootCount * idsInRoot && errors.length === 0) return time;
      throw new Error(`${identities.length} identities were listed, ${errors.length} errors`);
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
