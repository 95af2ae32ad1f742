import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/error-codes.ts';
import { serve } from '../support/git-server.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { openBooks } from '../support/hostile-books.ts';
import { expectRefused, soundPack, suiteScene } from '../support/hostile-scene.ts';
import { hostileReleases } from '../support/hostile-tree.ts';
import { openWaiting } from '../support/hostile-waiting.ts';
import { jsonOf, startIn } from '../support/program.ts';
import { endOfArchive, gzipped, rawMember } from '../support/tar-fixtures.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// One of each kind of hostile thing, met by the built programs. All of them, with the same command
// lines, are in `test/hostile`, which starts no program of ours.

const scene = suiteScene(startIn);

async function refuses(code: ErrorCode, ...args: string[]): Promise<void> {
  const act = () => scene.run('identity-install', 'helper', ...args);
  await expectRefused(act, { code }, [scene.home]);
}

/** Publishes a release and says how it is asked for. */
function published(tag: string, commit: string): string[] {
  scene.repository.annotate(tag, commit);
  return ['--release', tag, '--replace', '--backup'];
}

it('a source string', async () => {
  await refuses('E_SOURCE_FORBIDDEN', '--from=ext::sh -c touch% x');
});

it('a source that is a FIFO, which nobody waits for', async () => {
  const fifo = join(temporaryDirectory(), 'fifo.tar.gz');
  execFileSync('mkfifo', [fifo]);
  await refuses('E_SOURCE_NOT_PROTOCOL', '--from', fifo);
});

it('an archive', async () => {
  const from = join(temporaryDirectory(), 'helper.tar.gz');
  const meta = rawMember({ path: 'META.yaml' }, 'id: helper\n');
  writeFileSync(from, gzipped(meta, rawMember({ path: '../../victim' }), endOfArchive));
  await refuses('E_PACK_ENTRY', '--from', from);
});

it('an entry of a pack', async () => {
  const tree = hostileReleases(scene.repository)((oid) => [
    { mode: '100644', name: 'esc\u001b[2J', oid },
  ]);
  await refuses('E_PACK_PATH', ...published('v2.0.0', scene.repository.commitTree(tree)));
});

it('a document of a pack', async () => {
  const pack = { ...soundPack, 'META.yaml': `id: helper\nx: ${'['.repeat(20_000)}` };
  const commit = scene.repository.commit(helperRelease(pack));
  await refuses('E_DOCUMENT_INVALID', ...published('v2.1.0', commit));
});

it('a file beyond the limits', async () => {
  const pack = { ...soundPack, big: Buffer.alloc(2048, 'x') };
  const commit = scene.repository.commit(helperRelease(pack));
  await refuses('E_PACK_LIMIT', ...published('v2.2.0', commit), '--max-file-bytes', '1K');
});

it('a server', async () => {
  const address = await serve((_request, response) => void response.writeHead(404).end('no'));
  await refuses('E_SOURCE_UNREACHABLE', '--from', `${address}/source.git`, '--allow-http');
});

it('a tag that moved', async () => {
  const waiting = await openWaiting(startIn);
  const { repository } = waiting;
  const moved = repository.commit(helperRelease({ ...soundPack, 'IDENTITY_PROMPT.md': 'moved\n' }));
  repository.annotate('v1.0.0', moved);
  const refusal = { code: 'E_TAG_MOVED', names: [moved, '--accept-moved-tag'] } as const;
  await waiting.refuses(refusal, '--release', 'v1.0.0');
});

it('an instance', async () => {
  const { instance, directory, ...waiting } = await openWaiting(startIn);
  renameSync(instance, join(directory, 'elsewhere'));
  symlinkSync(join(directory, 'elsewhere'), instance);
  await waiting.refuses({ code: 'E_INSTANCE_UNSAFE', names: instance });
});

it('FIFOs in an instance, which nobody waits for', async () => {
  const { instance, install } = await openWaiting(startIn);
  execFileSync('mkfifo', [join(instance, 'pipe'), join(instance, 'new.md')]);
  expect((await install()).status).toBe(1);
});

it('a home', async () => {
  const { state, directory, ...waiting } = await openWaiting(startIn);
  renameSync(state, join(directory, 'elsewhere'));
  symlinkSync(join(directory, 'elsewhere'), state);
  await waiting.refuses({ code: 'E_HOME_UNSAFE', names: state });
});

it('books that were damaged', async () => {
  const { state, snapshot, edit, run, ...books } = await openBooks(startIn);
  edit(`${snapshot}.tar.gz`, () => 'no archive');
  await books.refuses({ code: 'E_SNAPSHOT_DAMAGED' }, 'identity-rollback', 'last');
  edit(join(state, 'record', 'helper.json'), (text) => text.slice(0, 200));
  await books.refuses({ code: 'E_RECORD_DAMAGED' }, 'identity-install', 'helper');
  const verified = await run('identity', 'verify', '--all', '--json');
  expect(verified.status).toBe(6);
  expect(jsonOf(verified)).toMatchObject({
    problems: [{ code: 'RECORD_DAMAGED' }, { code: 'SNAPSHOT_DAMAGED' }],
  });
});

it('settings of a repository that run programs', async () => {
  const { repository, directory, home } = await openWaiting(startIn);
  const trap = join(directory, 'trap');
  writeFileSync(trap, `#!/bin/sh\necho sprung >> '${trap}.mark'\nexit 1\n`);
  chmodSync(trap, 0o755);
  const settings = `[core]\n fsmonitor = ${trap}\n[uploadpack]\n packObjectsHook = ${trap}\n`;
  writeFileSync(join(repository.path, 'config'), settings, { flag: 'a' });
  const hook = join(repository.path, 'hooks', 'post-upload-pack');
  mkdirSync(join(repository.path, 'hooks'));
  writeFileSync(hook, `#!/bin/sh\n${trap}\n`, { mode: 0o755 });
  const args = ['helper', '--home', home, '--replace', '--backup'];
  const ran = await startIn({ directory: repository.path }, 'identity-install', ...args);
  expect(ran.status, ran.stderr).toBe(0);
  expect(existsSync(`${trap}.mark`)).toBe(false);
});

// What a gigabyte of it takes: end-to-end/hostile-resources.test.ts.
it('a local catalog that is far too large', async () => {
  const { home, ...waiting } = await openWaiting(startIn);
  const catalog = join(home, 'catalog.local.yaml');
  writeFileSync(catalog, '');
  truncateSync(catalog, 50_000_000);
  await waiting.refuses({ code: 'E_CATALOG_LOCAL' }, '--register');
  truncateSync(catalog, 0);
});
