import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { compare } from 'semver';
import { UnpackSync } from 'tar';
import { useCasesOf, type UseCases } from './use-cases.ts';
import { unsyncedDisk } from './fault-sweep.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { treeOf } from './tree.ts';
import { openWorkshop } from './workshop.ts';

/** What a user sees of a home, as `treeOf` writes it. */
export type HomeTree = Readonly<Record<string, string>>;

/** An identity as the version that made the home verified it. */
interface VerifiedIdentity {
  readonly id: string;
  readonly tag: string;
  readonly intact: number;
  readonly modified: readonly string[];
  readonly missing: readonly string[];
  readonly localOnly: readonly string[];
}

interface Operation {
  readonly ref: string;
  readonly id: string;
  readonly operation: string;
  readonly outcome: 'done' | 'aborted';
  readonly undoneBy: string | null;
}

/** A home that lived long and has nothing to settle: the directory `life`. */
interface LifeFixture {
  /** What was done, and what stood there then; `ref` is the newest operation, null for none. */
  readonly steps: readonly {
    readonly name: string;
    readonly ref: string | null;
    readonly tree: HomeTree;
  }[];
  readonly verified: readonly VerifiedIdentity[];
  /** Newest first. */
  readonly history: readonly Operation[];
}

/** One operation that was interrupted at several points; each is a home in a directory of its own. */
interface InterruptedFixture {
  readonly scenario: string;
  readonly about: string;
  /** Before the operation, newest first. */
  readonly history: readonly Operation[];
  readonly trees: { readonly old: HomeTree; readonly new?: HomeTree };
  readonly verified: Partial<Record<'old' | 'new', readonly VerifiedIdentity[]>>;
  readonly homes: readonly {
    readonly home: string;
    readonly about: string;
    readonly settles: 'old' | 'new';
    /** What the version that was interrupted made of it itself. */
    readonly recovered: readonly {
      readonly ref: string;
      readonly outcome: 'completed' | 'undone' | 'discarded';
    }[];
  }[];
}

/** The homes of one version: `fixtures/homes/<version>/` (fixtures/homes/README.md). */
export interface HomeFixtures {
  readonly version: string;
  readonly life: LifeFixture;
  readonly interrupted: readonly InterruptedFixture[];
  /** A bundle with the releases of the homes, and with v1.3.0, which none of them has. */
  readonly releases: string;
}

const directory = fileURLToPath(new URL('../../fixtures/homes/', import.meta.url));

/** Of every version that has a folder, oldest first: a new version needs nothing but a folder. */
export const homeFixtures: readonly HomeFixtures[] = readdirSync(directory, {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort(compare)
  .map((name) => ({
    ...(JSON.parse(readFileSync(join(directory, name, 'homes.json'), 'utf8')) as HomeFixtures),
    releases: join(directory, name, 'releases.bundle'),
  }));

/** A home of the fixtures for one test, and what can be done with it. */
export interface OpenedHome {
  readonly home: string;
  /** A file of the state directory. */
  readonly state: (...names: string[]) => string;
  readonly useCases: UseCases;
}

/**
 * Unpacks a home where the running test may do with it what it likes, modes and hard links as they
 * were. That is not where it was made, so every one of them is a home that was moved.
 *
 * @param archive `life`, or the name of a scenario
 * @param name of the home in the archive
 */
export function openHomeOf({ version }: HomeFixtures, archive: string, name = archive): OpenedHome {
  const into = temporaryDirectory();
  const unpack = new UnpackSync({
    cwd: into,
    preserveOwner: false,
    chmod: true,
    processUmask: 0,
    filter: (path) => path.split('/').includes(name),
  });
  const packed = readFileSync(join(directory, version, `${archive}.tar.br`));
  unpack.end(brotliDecompressSync(packed));
  const home = join(into, name);
  return {
    home,
    state: (...names) => join(home, '.identity-install', ...names),
    useCases: useCasesOf(openWorkshop(home).through(unsyncedDisk)),
  };
}

/** What a user sees of a home; not the directory of all instances, which belongs to no state. */
export function userTreeOf(home: string): HomeTree {
  const tree = treeOf(home, (path) => path.startsWith('.identity-install'));
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => path !== '.' && path !== 'instances'),
  );
}

/** SHA-256 of every file of a tree. */
export function digestsOf(tree: HomeTree): Set<string> {
  return new Set(
    Object.values(tree).flatMap((line) => {
      const [kind, , digest = ''] = line.split(' ');
      return kind === 'f' ? [digest] : [];
    }),
  );
}
