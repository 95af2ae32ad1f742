import { copySync } from 'fs-extra/esm';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InstallError } from '../../src/core/errors.ts';
import { applyPlan } from '../../src/install/apply-plan.ts';
import type { InstallContext } from '../../src/install/context.ts';
import { createUseCases } from '../../src/install/create-use-cases.ts';
import { resolveIncoming } from '../../src/install/plan/incoming.ts';
import { planIdentity } from '../../src/install/plan/plan-identity.ts';
import { forgetPending, reportsForInstall } from '../../src/install/report/publish-reports.ts';
import { rollback } from '../../src/install/rollback.ts';
import { withSession } from '../../src/install/session.ts';
import type { InstallRequest } from '../../src/install/use-cases.ts';
import { createDiskFileSystem } from '../../src/platform/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { systemError } from '../../src/platform/system-error.ts';
import {
  createFailingFileSystem,
  describeFault,
  type Fault,
} from '../support/failing-file-system.ts';
import { mortal } from '../support/mortal.ts';
import { openScene, replaceAll, type Scene } from '../support/scene.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';

const task = JSON.stringify({
  install_safety_contract: { required: true, install_report_path_pattern: 'out/report-*.json' },
});
const first = {
  'CURRENT_TASK.json': task,
  a: 'a1',
  same: 'same',
  'gone/b': 'b1',
  file: 'becomes a directory',
  'directory/x': 'becomes',
  'directory/deep/y': 'a file',
};
const second = {
  'CURRENT_TASK.json': task,
  a: 'a2',
  same: { content: 'same', executable: true },
  'come/n': 'new',
  'file/x': 'now a directory',
  directory: 'now a file',
} as const;

/** Killing a process loses nothing that was written; only a power cut asks for barriers. */
const atomic: FileSystem = {
  ...createDiskFileSystem(),
  sync: () => undefined,
  barrier: () => Promise.resolve(),
};
const withoutExchange: FileSystem = {
  ...atomic,
  exchange(left) {
    throw systemError('ENOSYS', 'not here', 'exchange', left);
  },
};

type Step = (context: InstallContext) => Promise<unknown>;

/** An install whose release is read and planned once: what is swept is what comes after that. */
async function installStep(
  { context, from }: Scene,
  given: Partial<InstallRequest>,
): Promise<Step> {
  const request = requestOf({ from, ids: ['helper'], ...given });
  const incoming = await resolveIncoming(context, request, new Map());
  const asked = { request, incoming, id: 'helper', earlier: [] };
  const planned = await planIdentity(context, asked);
  return (through) =>
    withSession(through, async ({ nextRef, runId }) => {
      const ref = nextRef();
      const { files: reports } = reportsForInstall(through, planned, ref);
      const git = { ...through.release.git, ...alreadyPinned };
      const release = { ...through.release, git };
      const { backup } = request;
      await applyPlan(
        { ...through, release },
        { planned, ref, runId, from: incoming.from, backup, reports },
      );
      forgetPending(through, 'helper');
    });
}

/** The store is git's own business, and a process for every case would take most of the time. */
const alreadyPinned: Pick<InstallContext['release']['git'], 'refs' | 'updateRefs'> = {
  refs: () => Promise.resolve([]),
  updateRefs: () => Promise.resolve(),
};

const undo: Step = (context) => rollback(context, { ref: 'last', through: false, paths: [] });

interface Subject {
  readonly name: string;
  readonly disk: FileSystem;
  readonly prepare: (scene: Scene) => Promise<Step>;
}

async function lived(scene: Scene): Promise<void> {
  await (
    await installStep(scene, { release: 'v1.0.0' })
  )(scene.context);
  writeFileSync(scene.path('a'), 'mine');
  chmodSync(scene.path('a'), 0o600);
  mkdirSync(scene.path('own/empty'), { recursive: true });
  writeFileSync(scene.path('own/notes'), 'mine too');
}

async function replaceOf(scene: Scene): Promise<Step> {
  await lived(scene);
  return await installStep(scene, { ...replaceAll, register: true });
}

async function undoOf(scene: Scene): Promise<Step> {
  await (
    await replaceOf(scene)
  )(scene.context);
  return undo;
}

const subjects: readonly Subject[] = [
  { name: 'a first install', disk: atomic, prepare: (scene) => installStep(scene, {}) },
  { name: 'a replace', disk: atomic, prepare: replaceOf },
  { name: 'a replace without atomic exchange', disk: withoutExchange, prepare: replaceOf },
  { name: 'a rollback', disk: atomic, prepare: undoOf },
];

/** What somebody sees of a home: instance, catalog, and what is said to be installed. */
async function viewOf(context: InstallContext) {
  const { home } = context.layout;
  const ours = (path: string) =>
    path.startsWith('.identity-install') || path.includes('/out/report-');
  // The directory of all instances stays when the only one is taken back.
  const tree = treeOf(home, ours);
  delete tree['instances'];
  const { identities } = await createUseCases({ ...context, fs: atomic }).verify({ ids: [] });
  return {
    tree,
    installed: identities.map(({ release, files }) => ({
      tag: release.tag,
      ...files,
      localOnly: 0,
    })),
    problems: identities.flatMap((identity) => identity.problems),
  };
}

/** Deaths at every call are swept in crash-sweep.test.ts. */
function faultsAt(at: number, call: string): Fault[] {
  const writes = /^(?:writeNew|append) /.test(call);
  return [
    { kind: 'refuse', at, errno: 'ENOSPC' },
    { kind: 'refuse', at, errno: 'EROFS', lasting: true },
    { kind: 'lie', at, errno: 'EIO' },
    ...(writes ? [{ kind: 'short', at } as const] : []),
  ];
}

describe.each(subjects)('$name, with any call gone wrong', ({ disk, prepare }) => {
  test('leaves the old or the new state, which can be undone, and says so', async () => {
    const scene = openScene(first, second);
    const { home } = scene;
    const step = await prepare(scene);
    rmSync(scene.state('releases.git'), { recursive: true, force: true });
    const saved = join(temporaryDirectory(), 'saved');
    copySync(home, saved, { preserveTimestamps: true });
    const restore = () => {
      rmSync(home, { recursive: true, force: true });
      copySync(saved, home, { preserveTimestamps: true });
    };
    const before = await viewOf(scene.context);
    restore();
    const counting = createFailingFileSystem(disk, { syncs: true });
    await step(openWorkshop(home).through(counting));
    const after = await viewOf(scene.context);
    expect(after).not.toEqual(before);

    const seen = { before: 0, after: 0 };
    for (let at = 1; at <= counting.log.length; at += 1) {
      const call = counting.log[at - 1] ?? '';
      for (const fault of faultsAt(at, call)) {
        restore();
        const where = `${describeFault(fault)}: ${call}`;
        const failing = createFailingFileSystem(disk, { fault, syncs: true });
        const { context, die } = mortal(openWorkshop(home).through(failing));
        const thrown: unknown = await step(context).then(
          () => undefined,
          (error: unknown) => error,
        );
        die();
        const next = openWorkshop(home).through(atomic);
        const settled = await createUseCases(next).recover();
        const found = await viewOf(next);
        const isNew = JSON.stringify(found) === JSON.stringify(after);
        expect(found, where).toEqual(isNew ? after : before);
        if (thrown === undefined) expect(isNew, where).toBe(true);
        if (thrown instanceof InstallError && settled.length === 0) {
          expect(isNew, `${where}: ${thrown.message}`).toBe(/stand/.test(thrown.message));
        }
        expect(
          settled.flatMap((one) => one.warnings),
          where,
        ).toEqual([]);
        seen[isNew ? 'after' : 'before'] += 1;
        if (!isNew || fault.kind !== 'lie' || at % 2 === 0) continue;
        await undo(next);
        expect((await viewOf(next)).tree, `${where}, then undone`).toEqual(before.tree);
      }
    }
    expect(seen.before).toBeGreaterThan(0);
    expect(seen.after).toBeGreaterThan(0);
  }, 300_000);
});
