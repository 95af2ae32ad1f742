// `node bench/discovery.mjs`: 1,000 identities in 50 roots, listed in one process that runs already,
// beside `ls -R` on the same roots, both warm. Medians, as a ratio.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const directory = mkdtempSync(join(realpathSync(tmpdir()), 'identity-bench-discovery-'));
try {
  const roots = Array.from({ length: 50 }, (_root, number) => makeRoot(number));
  const context = await makeContext();
  const request = { cwds: [roots[0]], extraRoots: roots.slice(1) };
  const list = (forceReload) => context.listIdentities({ ...request, forceReload }, context.made);
  const found = list(true).data[0].identities.length;
  const [ls, anew, kept] = [
    () => execFileSync('ls', ['-R', ...roots], { stdio: 'pipe' }),
    () => list(true),
    () => list(false),
  ].map(median);
  console.log(`${found} identities in ${roots.length} roots, as a multiple of ls -R`);
  console.log(`  read anew  ${(anew / ls).toFixed(1)}`);
  console.log(`  kept       ${(kept / ls).toFixed(1)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function makeRoot(number) {
  const root = join(directory, `root-${number}`);
  const ids = Array.from({ length: 20 }, (_id, index) => `identity-${number}-${index}`);
  for (const id of ids) {
    const pack = join(root, 'identity', 'packs', id);
    mkdirSync(pack, { recursive: true });
    for (const name of [
      'IDENTITY_PROMPT.md',
      'CURRENT_TASK.json',
      'TASK_HISTORY.md',
      'META.yaml',
    ]) {
      writeFileSync(join(pack, name), '');
    }
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

async function makeContext() {
  const outfile = join(directory, 'discovery.mjs');
  await build({
    stdin: {
      contents: `
        export * from './src/protocol/discovery/list-identities.ts';
        export { createDiskFileSystem } from './src/platform/disk.ts';`,
      resolveDir: join(import.meta.dirname, '..'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['fs-native-extensions'],
    outfile,
  });
  const { listIdentities, createDiscoveryContext, createDiskFileSystem } = await import(outfile);
  // A clock ahead of the files, which were made just now and would be too young to be kept.
  const clock = { now: () => new Date(Date.now() + 60_000), monotonic: () => 0 };
  const made = createDiscoveryContext({
    fs: createDiskFileSystem(),
    clock,
    workingDirectory: directory,
    parentRoots: false,
    furtherRoots: [],
    uid: process.getuid?.(),
  });
  return { listIdentities, made };
}

function median(act) {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    act();
    return performance.now() - start;
  }).sort((left, right) => left - right);
  return times[7];
}
