import { basename, join } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { isIdentityId } from '../../core/identity-id.ts';
import { refuseNewerSchema } from '../../core/newer-schema.ts';
import { isOperationRef } from '../../core/operation-ref.ts';
import { steps } from '../../core/remedy.ts';
import type { HomeLayout } from '../../instance/layout.ts';
import type { FileSystem, ReadFileSystem } from '../../platform/file-system.ts';
import { writeVerified } from '../../platform/files/verified-write.ts';
import { staysInPlace } from '../change.ts';
import type { Intent } from './intent.ts';
import { areRoots, isPlausible, placedIn } from './journal-place.ts';

/** The phases of an operation, in order; each marker is durable before the next step begins. */
export type JournalPhase =
  /** Nothing live was touched. */
  | 'intent'
  /** Everything is staged and verified: recovery goes forward. */
  | 'commit'
  /** A change met something unexpected: recovery goes backward. */
  | 'abort';

/** The directory of one operation in flight, or of the files that it displaced. */
export interface Journal {
  readonly directory: string;
  readonly intent: Intent;
}

export function slotPath(journal: Journal, slot: number): string {
  return join(journal.directory, String(slot));
}

/** The hard link that keeps the old inode while a rename replaces it, without atomic exchange. */
export function witnessPath(journal: Journal, slot: number): string {
  return join(journal.directory, `${slot}.witness`);
}

/** Where an abort puts a new file that has to be removed again. */
export function undonePath(journal: Journal, slot: number): string {
  return join(journal.directory, `${slot}.undone`);
}

/**
 * A second name for a file that an operation found in the instance and put back. An editor that
 * read our file while it was there may rename its own version over the live name.
 */
export function foundPath(journal: Journal, slot: number): string {
  return join(journal.directory, `${slot}.found`);
}

export function treePath(journal: Journal): string {
  return join(journal.directory, 'tree');
}

/**
 * Writes the intent under a temporary name, makes it durable, and gives it its name. A crash before
 * the rename leaves `<ref>.new`, which recovery discards; after it, a complete intent.
 */
export function openJournal(fs: FileSystem, journalRoot: string, intent: Intent): Journal {
  const unnamed = join(journalRoot, `${intent.ref}.new`);
  const directory = join(journalRoot, intent.ref);
  fs.makeDirectory(unnamed, 0o700);
  const file = join(unnamed, 'intent.json');
  writeVerified(fs, file, Buffer.from(`${JSON.stringify(intent)}\n`), 0o600);
  fs.sync(file);
  fs.sync(unnamed);
  fs.rename(unnamed, directory);
  fs.sync(journalRoot);
  return { directory, intent };
}

/**
 * The journals in flight, oldest first, and the directories whose intent was never completed.
 *
 * @throws InstallError E_JOURNAL_DAMAGED, also for entries that no operation creates there;
 *   E_LAYOUT_NEWER
 */
export function findJournals(
  fs: ReadFileSystem,
  layout: HomeLayout,
): { journals: Journal[]; unfinished: string[] } {
  if (fs.stat(layout.journal) === undefined) return { journals: [], unfinished: [] };
  const journals: Journal[] = [];
  const unfinished: string[] = [];
  for (const name of fs.list(layout.journal)) {
    const directory = join(layout.journal, name);
    if (isUnfinished(fs, directory)) unfinished.push(directory);
    else journals.push(readPending(fs, layout, directory));
  }
  return { journals, unfinished };
}

/**
 * Whether an entry of `journal/` is an intent that was never completed, or a probe of the file
 * system: nothing was touched, and it can be removed.
 */
export function isUnfinished(fs: ReadFileSystem, directory: string): boolean {
  const [, ref = ''] =
    /^(.*?)(?:\.probe-(?:left|right|link))?\.new$/.exec(basename(directory)) ?? [];
  return isOperationRef(ref) && fs.stat(directory)?.kind === 'directory';
}

/**
 * The journal of an operation in flight, whose changes will be finished or undone: it must name
 * only this home and its instance.
 *
 * @throws InstallError E_JOURNAL_DAMAGED, E_LAYOUT_NEWER
 */
export function readPending(fs: ReadFileSystem, layout: HomeLayout, directory: string): Journal {
  if (fs.stat(directory)?.kind !== 'directory') throw damaged(directory, undefined);
  const written = readIntent(fs, directory);
  const intent = placedIn(layout.home, written);
  if (!isPlausible(fs, layout, written, intent)) throw elsewhere(directory, layout, intent);
  return { directory, intent };
}

/**
 * The journal of any operation, to know what is in its slots; its places are updated to the current
 * ones.
 *
 * @throws InstallError E_JOURNAL_DAMAGED, E_LAYOUT_NEWER
 */
export function readJournal(fs: ReadFileSystem, home: string, directory: string): Journal {
  return { directory, intent: placedIn(home, readIntent(fs, directory)) };
}

function readIntent(fs: ReadFileSystem, directory: string): Intent {
  const file = join(directory, 'intent.json');
  try {
    const intent = JSON.parse(fs.read(file).toString('utf8')) as Partial<Intent>;
    refuseNewerSchema(intent.schema, 'identity-install/intent@1', file);
    if (
      intent.schema === 'identity-install/intent@1' &&
      Array.isArray(intent.changes) &&
      intent.changes.every(staysInPlace) &&
      intent.ref === basename(directory) &&
      isOperationRef(intent.ref) &&
      areRoots(intent) &&
      typeof intent.id === 'string' &&
      isIdentityId(intent.id)
    ) {
      return intent as Intent;
    }
  } catch (cause) {
    if (cause instanceof InstallError && cause.code === 'E_LAYOUT_NEWER') throw cause;
    throw damaged(file, cause);
  }
  throw damaged(file, undefined);
}

function damaged(file: string, cause: unknown): InstallError {
  return new InstallError('E_JOURNAL_DAMAGED', `The journal ${file} cannot be read.`, {
    remedy:
      'Nothing was changed. Keep the directory for analysis and move it out of journal/ to continue; the files that it names may hold bytes of an interrupted operation.',
    details: { path: file },
    cause,
  });
}

function elsewhere(path: string, { home }: HomeLayout, { id, instance }: Intent): InstallError {
  return new InstallError(
    'E_JOURNAL_DAMAGED',
    `The journal ${path} names ${instance}, where ${home} has no instance of ${id}.`,
    {
      remedy: steps(
        'Nothing was changed. If the home was moved or copied, recover the operation in the old place.',
        { kind: 'command', command: 'recover', to: 'recover it there' },
        'Otherwise keep the directory for analysis and move it out of journal/ to continue.',
      ),
      details: { path, home, instance },
    },
  );
}

export function phaseOf(fs: ReadFileSystem, journal: Journal): JournalPhase {
  if (fs.stat(join(journal.directory, 'abort')) !== undefined) return 'abort';
  if (fs.stat(join(journal.directory, 'commit')) !== undefined) return 'commit';
  return 'intent';
}

/** Makes a phase durable. A marker that already exists, from before a crash, is enough. */
export function markPhase(
  fs: FileSystem,
  journal: Journal,
  phase: Exclude<JournalPhase, 'intent'>,
): void {
  const marker = join(journal.directory, phase);
  if (fs.stat(marker) === undefined) fs.writeNew(marker, new Uint8Array(), 0o600);
  fs.sync(marker);
  fs.sync(journal.directory);
}
