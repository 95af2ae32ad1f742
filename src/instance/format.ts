import { basename, join } from 'node:path';
import { parseJson } from '../core/bounded-json.ts';
import { errnoOf, InstallError } from '../core/errors.ts';
import { isOperationRef, type OperationRef } from '../core/operation-ref.ts';
import { steps } from '../core/remedy.ts';
import type { FileSystem, ReadFileSystem } from '../platform/file-system.ts';
import { makeDirectories, makeDirectory } from '../platform/files/make-directories.ts';
import { writeVerified } from '../platform/files/verified-write.ts';
import type { HomeLayout } from './layout.ts';

/**
 * The layout that this program writes, and the first version of this program that understands it:
 * whoever raises the one has to say the other. Every `format.json` holds both, so that an older
 * version, which can only refuse, knows what to ask for (docs/evidence-format.md#versions).
 */
export const currentFormat = { layout: 1, needs: '0.1.0' } as const;

/**
 * The version of the home's layout; undefined for a home that was never written. A state
 * directory without `format.json` is one whose making was interrupted: nothing is in it yet.
 *
 * @throws InstallError E_LAYOUT_NEWER, E_HOME_UNSAFE (the state directory is no directory),
 *   E_FORMAT_DAMAGED
 */
export function readFormat(fs: ReadFileSystem, layout: HomeLayout): number | undefined {
  const directory = fs.stat(layout.stateDirectory);
  if (directory === undefined) return undefined;
  if (directory.kind !== 'directory') {
    throw new InstallError('E_HOME_UNSAFE', `${layout.stateDirectory} is no directory.`, {
      remedy: 'Move it away; the program keeps its own state there.',
      details: { path: layout.stateDirectory },
    });
  }
  if (fs.stat(layout.formatFile) === undefined) return undefined;
  const path = layout.formatFile;
  const document = readDocument(fs, path);
  const version =
    typeof document === 'object' && document !== null && 'layout' in document
      ? document.layout
      : undefined;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw damagedFormat(path, 'it names no layout version');
  }
  if (version > currentFormat.layout) throw newerLayout(layout, version, neededBy(document));
  return version;
}

/** The version that `format.json` asks for; undefined where it says nothing that can be one. */
function neededBy(document: unknown): string | undefined {
  const needs =
    typeof document === 'object' && document !== null && 'needs' in document
      ? document.needs
      : undefined;
  const isVersion =
    typeof needs === 'string' && needs.length <= 64 && /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(needs);
  return isVersion ? needs : undefined;
}

function newerLayout(
  { home, formatFile: path }: HomeLayout,
  version: number,
  needs: string | undefined,
): InstallError {
  const program =
    needs === undefined ? 'a newer identity-install' : `identity-install ${needs} or newer`;
  return new InstallError(
    'E_LAYOUT_NEWER',
    `This home needs ${program}: ${home} has layout ${version}, and this version knows layouts up to ${currentFormat.layout}.`,
    {
      remedy: steps('Nothing was changed. Use that version for this home.', {
        kind: 'option',
        option: 'home',
        to: 'use another home',
      }),
      details: { path, version, needs: needs ?? null },
    },
  );
}

function readDocument(fs: ReadFileSystem, path: string): unknown {
  if (fs.stat(path)?.kind !== 'file') throw damagedFormat(path, 'it is no plain file');
  const bytes = fs.read(path);
  try {
    return parseJson(bytes, { path });
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    throw damagedFormat(path, 'it is no valid JSON', error);
  }
}

function damagedFormat(path: string, problem: string, cause?: unknown): InstallError {
  return new InstallError('E_FORMAT_DAMAGED', `${path}: ${problem}.`, {
    remedy: steps(
      { kind: 'restore', what: 'it' },
      `Where no newer version of this program has worked on the home, {"layout":${currentFormat.layout}} is all that it has to hold.`,
    ),
    details: { path, problem },
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Refuses a link or a file where one of our directories belongs: what is written and cleared away
 * there would be somebody else's.
 *
 * @throws InstallError E_HOME_UNSAFE
 */
function refuseStrayDirectories(fs: ReadFileSystem, layout: HomeLayout): void {
  const reports = layout.reportsDirectory;
  const ours = [...workingDirectories(layout), layout.releasesGit];
  for (const path of ours) requireDirectory(fs, path);
  if (fs.stat(reports) === undefined) return;
  for (const name of namesIn(fs, reports)) {
    if (fs.stat(join(reports, name))?.kind === 'link') requireDirectory(fs, join(reports, name));
  }
}

function requireDirectory(fs: ReadFileSystem, path: string): void {
  const kind = fs.stat(path)?.kind;
  if (kind === undefined || kind === 'directory') return;
  throw new InstallError(
    'E_HOME_UNSAFE',
    `${path} is ${kind === 'link' ? 'a link' : 'no directory'}, and this program made a directory there.`,
    {
      remedy:
        'Nothing was changed. Put the directory itself back in its place; if it is lost, restore it from a backup of the home.',
      details: { path },
    },
  );
}

/**
 * Refuses a state directory that others can look into, or that is not the caller's own: this
 * program makes it 0700, and a home that came with a cloned repository does not have it so. Its
 * journals, its git settings and its records would be believed. What is written into at the end of
 * an operation has to be the caller's own too, or an operation could begin that cannot end. And
 * each of our directories has to be one, not a link to another place.
 *
 * @param uid undefined on Windows, where modes say nothing
 * @throws InstallError E_HOME_UNSAFE, E_HOME_FOREIGN
 */
export function refuseStrangeState(
  fs: ReadFileSystem,
  layout: HomeLayout,
  uid: number | undefined,
): void {
  const { stateDirectory } = layout;
  const stat = fs.stat(stateDirectory);
  if (stat?.kind !== 'directory') return;
  if (uid !== undefined) refuseOthers(fs, layout, stat.mode, uid);
  // Last: what belongs to somebody else cannot always be looked into.
  refuseStrayDirectories(fs, layout);
}

function refuseOthers(fs: ReadFileSystem, layout: HomeLayout, mode: number, uid: number): void {
  const { stateDirectory } = layout;
  for (const path of [stateDirectory, ...workingDirectories(layout), layout.ledger]) {
    const owner = fs.stat(path)?.uid;
    if (owner !== undefined && owner !== uid) throw foreign(path, owner, uid);
  }
  if ((mode & 0o077) === 0) return;
  throw new InstallError(
    'E_HOME_UNSAFE',
    `${stateDirectory} is open to others (mode ${mode.toString(8)}), so this program did not make it.`,
    {
      remedy: `If it came with a repository, remove it. If you copied it yourself: chmod 700 ${stateDirectory}`,
      details: { path: stateDirectory, mode },
    },
  );
}

function foreign(path: string, owner: number, uid: number): InstallError {
  return new InstallError('E_HOME_FOREIGN', `${path} belongs to another user (uid ${owner}).`, {
    remedy: steps(
      'Run this as the user that owns the home. If the home is yours, take it back with chown.',
      { kind: 'option', option: 'home', to: 'use another home' },
    ),
    details: { path, owner, uid },
  });
}

function workingDirectories(layout: HomeLayout): readonly string[] {
  return [
    layout.records,
    layout.snapshotsDirectory,
    layout.displacedDirectory,
    layout.evidenceDirectory,
    layout.reportsDirectory,
    layout.journal,
  ];
}

/**
 * Makes the home, its state directory and `format.json` where they are missing. Not under the
 * home's lock, whose file lies inside: two runs may do this side by side, and either may stop
 * anywhere. Repeating it finishes it.
 *
 * @param ref names the temporary file, so that two runs do not share one
 * @throws InstallError as `readFormat`
 */
export function prepareHome(options: {
  readonly fs: FileSystem;
  readonly layout: HomeLayout;
  readonly umask: number;
  readonly ref: OperationRef;
}): void {
  const { fs, layout, umask, ref } = options;
  makeDirectories(fs, layout.home, 0o777 & ~umask);
  makeDirectory(fs, layout.stateDirectory, 0o700);
  const written = readFormat(fs, layout);
  for (const directory of workingDirectories(layout)) makeDirectory(fs, directory, 0o700);
  if (written !== undefined) return;
  const draft = `${layout.formatFile}.${ref}`;
  const bytes = Buffer.from(`${JSON.stringify(currentFormat)}\n`);
  try {
    writeVerified(fs, draft, bytes, 0o600);
    fs.sync(draft);
    fs.rename(draft, layout.formatFile);
  } catch (error) {
    // Another run has made the home meanwhile, and cleared our draft away with those of the dead.
    if (errnoOf(error) !== 'ENOENT' || fs.stat(layout.formatFile) === undefined) throw error;
  }
  fs.sync(layout.stateDirectory);
}

/** Removes what runs that died while they made the home have left in it. Pre: its lock is held. */
export function removeFormatDrafts(fs: FileSystem, layout: HomeLayout): void {
  const prefix = `${basename(layout.formatFile)}.`;
  for (const name of namesIn(fs, layout.stateDirectory)) {
    if (!name.startsWith(prefix) || !isOperationRef(name.slice(prefix.length))) continue;
    const draft = join(layout.stateDirectory, name);
    if (fs.stat(draft)?.kind !== 'file') continue;
    try {
      fs.unlink(draft);
    } catch (error) {
      // Whoever wrote it lives, and gave it its name just now.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}

/** None where somebody put a name that is not UTF-8 among ours: that must not stop a rollback. */
function namesIn(fs: ReadFileSystem, directory: string): string[] {
  try {
    return fs.list(directory);
  } catch (error) {
    if (errnoOf(error) === 'EILSEQ') return [];
    throw error;
  }
}
