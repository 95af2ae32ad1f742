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
 * whoever raises one has to update the other. Every `format.json` holds both, so that an older
 * version, which can only refuse, can name the version that it needs
 * (docs/evidence-format.md#versions).
 */
export const currentFormat = { layout: 1, needs: '0.1.0' } as const;

/**
 * The version of the home's layout; undefined for a home that was never written. A state directory
 * without `format.json` is one whose creation was interrupted: it is still empty.
 *
 * @throws InstallError E_LAYOUT_NEWER, E_HOME_UNSAFE (the state directory is not a directory),
 *   E_FORMAT_DAMAGED
 */
export function readFormat(fs: ReadFileSystem, layout: HomeLayout): number | undefined {
  const directory = fs.stat(layout.stateDirectory);
  if (directory === undefined) return undefined;
  if (directory.kind !== 'directory') {
    throw new InstallError('E_HOME_UNSAFE', `${layout.stateDirectory} is not a directory.`, {
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
    throw damagedFormat(path, 'it does not name a layout version');
  }
  if (version > currentFormat.layout) throw newerLayout(layout, version, neededBy(document));
  return version;
}

/** The program version that `format.json` asks for; undefined if it does not hold a valid one. */
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
  if (fs.stat(path)?.kind !== 'file') throw damagedFormat(path, 'it is not a regular file');
  const bytes = fs.read(path);
  try {
    return parseJson(bytes, { path });
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    throw damagedFormat(path, 'it is not valid JSON', error);
  }
}

function damagedFormat(path: string, problem: string, cause?: unknown): InstallError {
  return new InstallError('E_FORMAT_DAMAGED', `${path}: ${problem}.`, {
    remedy: steps(
      { kind: 'restore', what: 'it' },
      `If no newer version of this program has worked on the home, {"layout":${currentFormat.layout}} is all that the file has to contain.`,
    ),
    details: { path, problem },
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Refuses a link or a file in place of one of our directories: what is written and removed there
 * would belong to somebody else.
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
    `${path} is ${kind === 'link' ? 'a link' : 'not a directory'}, but this program created a directory there.`,
    {
      remedy:
        'Nothing was changed. Put the directory itself back in its place; if it is lost, restore it from a backup of the home.',
      details: { path },
    },
  );
}

/**
 * Refuses a state directory that others can look into, or that is not the caller's own: this
 * program creates it with mode 0700, and in a home that came with a cloned repository it has
 * another mode. Its journals, git settings and records would be trusted. Whatever an operation
 * writes at its end has to belong to the caller too, or an operation could begin that cannot be
 * completed. And each of our directories has to be a directory, not a link to another place.
 *
 * @param uid undefined on Windows, where modes mean nothing
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
  // Last, because a directory of somebody else cannot always be read.
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
 * Creates the home, its state directory and `format.json` where they are missing. The home's lock
 * cannot be held here, because its file lies inside: two runs may do this at the same time, and
 * either may stop anywhere. Repeating it completes it.
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
    // Another run has created the home meanwhile, and removed our draft with those of dead runs.
    if (errnoOf(error) !== 'ENOENT' || fs.stat(layout.formatFile) === undefined) throw error;
  }
  fs.sync(layout.stateDirectory);
}

/** Removes what runs left in the home that died while they created it. Its lock must be held. */
export function removeFormatDrafts(fs: FileSystem, layout: HomeLayout): void {
  const prefix = `${basename(layout.formatFile)}.`;
  for (const name of namesIn(fs, layout.stateDirectory)) {
    if (!name.startsWith(prefix) || !isOperationRef(name.slice(prefix.length))) continue;
    const draft = join(layout.stateDirectory, name);
    if (fs.stat(draft)?.kind !== 'file') continue;
    try {
      fs.unlink(draft);
    } catch (error) {
      // The run that wrote it is alive, and has just renamed it.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}

/** No names if somebody put one that is not UTF-8 among ours: that must not stop a rollback. */
function namesIn(fs: ReadFileSystem, directory: string): string[] {
  try {
    return fs.list(directory);
  } catch (error) {
    if (errnoOf(error) === 'EILSEQ') return [];
    throw error;
  }
}
