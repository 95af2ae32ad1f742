import { join } from 'node:path/posix';
import type * as NodeFs from 'node:fs';
import type { OperationContext } from '../../../src/operations/context.ts';
import { homeLayout, type HomeLayout } from '../../../src/instance/layout.ts';
import type { FileSystem } from '../../../src/platform/file-system.ts';
import { createGzipTarArchive } from '../../../src/platform/archive/gzip-tar.ts';
import type { Locks } from '../../../src/platform/lock.ts';
import { silentProgress } from '../../../src/platform/progress.ts';
import { environmentOf } from '../../support/environment.ts';
import {
  createFixedClock,
  createFixedRandomness,
  type FixedClock,
} from '../../support/fixed-clock.ts';
import { createMemoryFileSystem, type MemoryFileSystem } from '../../support/memory-file-system.ts';
import { createMemoryGit } from '../../support/memory-git.ts';
import type { RepositoryFile } from '../../support/repository.ts';
import { edited } from './edit.ts';
import type { Releases } from './home.ts';
import { ids, type Id } from './model.ts';
import type { EditStep } from './steps.ts';
import { directory, file, link, type Node, type Tree } from './tree.ts';
import { releasesApart } from '../../support/releases-apart.ts';

/** Where releases come from; nobody is ever asked there. */
export const source = 'https://packs.example/packs.git';

/** A machine in memory with the real program on it: only disk, git, lock and clock are doubles. */
export interface World {
  readonly fs: MemoryFileSystem;
  readonly clock: FixedClock;
  readonly layout: HomeLayout;
  /** The program as a new process over a file system; `die` frees what its death would free. */
  readonly boot: (through?: FileSystem) => {
    readonly context: OperationContext;
    readonly die: () => void;
  };
  readonly instance: (id: Id) => string;
  readonly treeOf: (id: Id) => Tree;
  readonly edit: (step: EditStep) => void;
  /** Everything that stands in an instance, permission bits included. */
  readonly exactTreeOf: (id: Id) => readonly string[];
}

export function tagOf(position: number): string {
  return `v1.${position}.0`;
}

export function openWorld(releases: Releases): World {
  const fs = createMemoryFileSystem({ '/work': null, '/home/ann': null });
  const { raw } = fs;
  const clock = createFixedClock();
  const randomness = createFixedRandomness();
  const layout = homeLayout('/home/ann/identity');
  const environment = environmentOf({ workingDirectory: '/work' });
  const archive = createGzipTarArchive();
  const git = createMemoryGit(fs);
  for (const [position, release] of releases.entries())
    git.publish(tagOf(position), filesOf(release));

  const instance = (id: Id) => join(layout.instances, id);
  const held = new Set<string>();
  const treeOf = (id: Id) => readTree(raw, instance(id));

  return {
    fs,
    clock,
    layout,
    instance,
    treeOf,
    boot(through = fs) {
      const { locks, die } = locksOf(held);
      const shared = { archive, clock, environment, locks, progress: silentProgress };
      return {
        die,
        context: {
          ...shared,
          fs: releasesApart(through, fs, layout.stateDirectory),
          layout,
          randomness,
          git,
          releasesDirectory: layout.stateDirectory,
          breathe: () => undefined,
          throwIfInterrupted: () => undefined,
          scope: 'explicit',
          tool: { name: 'identity-install', version: '0.0.0-test' },
          command: 'identity-install',
          undoCommand: (ref) => `identity-rollback ${ref}`,
        },
      };
    },
    edit: (step) => editOnDisk(raw, { step, root: instance(step.id), before: treeOf(step.id) }),
    exactTreeOf: (id) =>
      [...treeOf(id)]
        .map(([path, node]) => {
          const { mode } = raw.lstatSync(join(instance(id), path));
          return `${path} ${(mode & 0o7777).toString(8)} ${node.kind === 'file' ? node.content : node.kind}`;
        })
        .sort(),
  };
}

const catalog = `version: "1.0"
identities:
${ids.map((id) => `  - id: ${id}\n    title: ${id}\n    pack_path: identity/packs/${id}\n`).join('')}`;

function filesOf(release: Releases[number]): Record<string, RepositoryFile> {
  const files: Record<string, RepositoryFile> = { 'identity/catalog/identities.yaml': catalog };
  for (const id of ids) {
    for (const [path, { content, executable }] of release[id]) {
      files[`identity/packs/${id}/${path}`] = executable ? { content, executable } : content;
    }
  }
  return files;
}

/** Locks as the kernel has them: gone with the process that holds them. */
function locksOf(held: Set<string>): { readonly locks: Locks; readonly die: () => void } {
  const ours = new Set<string>();
  const release = (path: string) => {
    ours.delete(path);
    held.delete(path);
  };
  const locks: Locks = {
    tryLock(path) {
      if (held.has(path)) return { kind: 'busy', holder: undefined };
      held.add(path);
      ours.add(path);
      return { kind: 'held', lock: { release: () => release(path) } };
    },
  };
  return { locks, die: () => ours.forEach(release) };
}

function readTree(raw: typeof NodeFs, root: string): Map<string, Node> {
  const tree = new Map<string, Node>();
  const visit = (path: string): void => {
    const stat = raw.lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isSymbolicLink()) tree.set(path, link);
    else if (stat.isFile()) {
      tree.set(path, file(raw.readFileSync(join(root, path), 'utf8'), (stat.mode & 0o100) !== 0));
    } else {
      tree.set(path, directory);
      for (const name of raw.readdirSync(join(root, path))) visit(join(path, name));
    }
  };
  visit('');
  return tree;
}

/** Writes in place, as an editor or an agent with the file open does. */
function editOnDisk(
  raw: typeof NodeFs,
  { step, root, before }: { readonly step: EditStep; readonly root: string; readonly before: Tree },
): void {
  const after = edited(before, step);
  const absolute = (path: string) => join(root, path);
  for (const path of [...before.keys()].reverse()) {
    if (before.get(path)?.kind === after.get(path)?.kind) continue;
    if (before.get(path)?.kind === 'directory') raw.rmSync(absolute(path), { recursive: true });
    else raw.unlinkSync(absolute(path));
  }
  for (const [path, node] of after) {
    const was = before.get(path);
    if (was === node) continue;
    if (node.kind === 'directory' && was?.kind !== 'directory') {
      raw.mkdirSync(absolute(path), { recursive: true });
    } else if (node.kind === 'link' && was?.kind !== 'link') {
      raw.symlinkSync('/elsewhere', absolute(path));
    } else if (node.kind === 'file') {
      raw.writeFileSync(absolute(path), node.content);
      raw.chmodSync(absolute(path), node.executable ? 0o755 : 0o644);
    }
  }
}
