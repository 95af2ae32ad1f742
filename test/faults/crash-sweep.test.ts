import { join } from 'node:path';
import { copySync } from 'fs-extra/esm';
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { install } from '../../src/install/install.ts';
import { rollback } from '../../src/install/rollback.ts';
import { createUseCases } from '../../src/install/create-use-cases.ts';
import type { InstallContext } from '../../src/install/context.ts';
import { createDiskFileSystem } from '../../src/platform/disk.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { createFailingFileSystem, type Fault } from '../support/failing-file-system.ts';
import { helperRelease } from '../support/helper-pack.ts';
import { mortal } from '../support/mortal.ts';
import { makeRepository } from '../support/repository.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { treeOf } from '../support/tree.ts';
import { openWorkshop, requestOf } from '../support/workshop.ts';

const first = helperRelease({
  'IDENTITY_PROMPT.md': 'one\n',
  'a.md': 'a1\n',
  'd/b.md': 'b1\n',
  file: 'becomes a directory\n',
  'directory/deep/y': 'becomes a file\n',
  'c.md': 'c\n',
});
const second = helperRelease({
  'IDENTITY_PROMPT.md': 'two\n',
  'a.md': 'a2\n',
  'e/n.md': 'new\n',
  'file/x': 'is a directory now\n',
  directory: 'is a file now\n',
  'c.md': 'c\n',
});

/** Killing a process loses nothing that was written; only a power cut asks for barriers. */
const disk: FileSystem = {
  ...createDiskFileSystem(),
  sync: () => undefined,
  barrier: () => Promise.resolve(),
};

type Step = (context: InstallContext, from: string) => Promise<unknown>;

const firstInstall: Step = (context, from) =>
  install(context, requestOf({ from, ids: ['helper'], release: 'v1.0.0' }));
const replace: Step = (context, from) =>
  install(
    context,
    requestOf({ from, ids: ['helper'], mode: 'replace', backup: true, prune: true }),
  );
const undo: Step = (context) => rollback(context, { ref: 'last', through: false, paths: [] });

interface Operation {
  readonly name: string;
  readonly before: readonly Step[];
  readonly step: Step;
}

const operations: readonly Operation[] = [
  { name: 'first install', before: [], step: firstInstall },
  { name: 'replace', before: [firstInstall], step: replace },
  { name: 'rollback of a replace', before: [firstInstall, replace], step: undo },
  { name: 'rollback of a first install', before: [firstInstall], step: undo },
];

describe.each(operations)('$name, killed at any call', ({ before, step }) => {
  test('leaves the old or the new tree, and a record that is true', async () => {
    const { path: from } = makeRepository({ 'v1.0.0': first, 'v1.1.0': second });
    const home = join(temporaryDirectory(), 'home');
    const start = openWorkshop(home);
    for (const earlier of before) await earlier(start.context, from);
    const instance = join(home, 'instances', 'helper');
    if (before.length > 0) writeFileSync(join(instance, 'mine.md'), 'mine\n');
    const saved = join(temporaryDirectory(), 'saved');
    const hadHome = Object.keys(treeOf(home)).length > 0;
    if (hadHome) copySync(home, saved, { preserveTimestamps: true });
    const restore = () => {
      rmSync(home, { recursive: true, force: true });
      if (hadHome) copySync(saved, home, { preserveTimestamps: true });
    };
    const old = treeOf(instance);

    const counting = createFailingFileSystem(disk);
    await step(openWorkshop(home).through(counting), from);
    const after = treeOf(instance);
    const calls = counting.log.length;
    expect(calls).toBeGreaterThan(15);

    const seen = { old: 0, new: 0 };
    for (let at = 1; at <= calls; at += 1) {
      for (const when of ['before', 'after'] as const) {
        restore();
        const fault: Fault = { kind: 'crash', at, when };
        const dying = openWorkshop(home);
        const { context, die } = mortal(dying.through(createFailingFileSystem(disk, { fault })));
        await expect(step(context, from)).rejects.toThrow();
        die();

        const next = openWorkshop(home);
        await createUseCases(next.context).recover();
        const found = treeOf(instance);
        const isNew = JSON.stringify(found) === JSON.stringify(after);
        expect(isNew ? after : old, `${counting.log[at - 1] ?? ''} (${when})`).toEqual(found);
        seen[isNew ? 'new' : 'old'] += 1;
        await expectTrueRecord(next.context);
      }
    }
    expect(seen.old).toBeGreaterThan(0);
    expect(seen.new).toBeGreaterThan(0);
  }, 120_000);
});

/** Whatever is recorded as installed is there as recorded, and no trail is broken. */
async function expectTrueRecord(context: InstallContext): Promise<void> {
  const { identities } = await createUseCases(context).verify({ ids: [] });
  for (const identity of identities) {
    expect(identity.problems).toEqual([]);
    expect(identity.files.missing).toEqual([]);
    expect(identity.files.modified).toEqual([]);
  }
}
