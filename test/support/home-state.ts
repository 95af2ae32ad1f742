import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/digest.ts';
import { readRecord } from '../../src/instance/record-file.ts';
import { homeLayout } from '../../src/instance/layout.ts';
import { readEvidence } from '../../src/engine/trail/evidence.ts';
import { readLedger, type Ledger } from '../../src/engine/trail/ledger.ts';
import { openSnapshot } from '../../src/engine/snapshot/snapshot.ts';
import { readManifest, snapshotPaths } from '../../src/engine/snapshot/snapshot-manifest.ts';
import { readJournal } from '../../src/engine/journal/journal.ts';
import { createDiskFileSystem } from '../../src/platform/disk/disk.ts';
import { createGzipTarArchive } from '../../src/platform/archive/gzip-tar.ts';
import { treeOf } from './tree.ts';

const disk = createDiskFileSystem();
const archive = createGzipTarArchive();

/** Two runs of one operation differ in what they are called and when, and in nothing else. */
const reference = /\d{8}-\d{6}-[0-9a-f]{6}|\d{4}-\d{2}-\d{2}T[0-9:.]+Z/g;

/**
 * One identity of a home as its user sees it: instance, local catalog, and what is recorded of it.
 * Equal texts are equal states.
 */
export function viewOf(home: string, id: string): string {
  const layout = homeLayout(home);
  const instance = treeOf(join(home, 'instances', id));
  const reports = Object.keys(instance).filter((path) => path.startsWith('out/report-'));
  for (const path of reports) instance[path] = 'a report';
  const catalog = treeOf(layout.localCatalog);
  const record = readRecord(disk, layout.recordFile(id)) ?? null;
  return JSON.stringify({ instance, catalog, record }, null, 1).replaceAll(reference, '<ref>');
}

/** Everything in the home, the store of releases excepted, which is a cache. */
export function homeTree(home: string): Record<string, string> {
  return treeOf(home, (path) => /^\.identity-install\/(lock$|releases\.)/.test(path));
}

/** SHA-256 of every file that the user or an agent can see in the home. */
export function liveDigests(home: string): Set<string> {
  return digestsBelow(join(home, 'instances'), digestsBelow(homeLayout(home).localCatalog));
}

/** Those of `wanted` that are found nowhere: not live, not displaced, and in no sound snapshot. */
export async function lostFrom(home: string, wanted: ReadonlySet<string>): Promise<string[]> {
  const layout = homeLayout(home);
  const found = digestsBelow(layout.displacedDirectory, liveDigests(home));
  const missing = (): string[] => [...wanted].filter((digest) => !found.has(digest));
  if (missing().length === 0 || !existsSync(layout.snapshotsDirectory)) return missing();
  for (const name of readdirSync(layout.snapshotsDirectory)) {
    if (!name.endsWith('.json')) continue;
    const manifest = await soundSnapshot(layout.snapshotsDirectory, name.slice(0, -5));
    for (const file of manifest?.files ?? []) found.add(file.sha256);
  }
  return missing();
}

function digestsBelow(path: string, into = new Set<string>()): Set<string> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() === true) into.add(sha256(readFileSync(path)));
  if (stat?.isDirectory() === true) {
    for (const name of readdirSync(path)) digestsBelow(join(path, name), into);
  }
  return into;
}

/** What has been read to the end before; equal bytes need not be unpacked twice. */
const sound = new Map<string, Awaited<ReturnType<typeof openSnapshot>>>();

async function soundSnapshot(directory: string, ref: string) {
  const paths = snapshotPaths(directory, ref);
  if (![paths.archive, paths.manifest, paths.checksums].every((path) => existsSync(path))) return;
  const [archiveSha256, manifestSha256] = [paths.archive, paths.manifest].map((path) =>
    sha256(readFileSync(path)),
  );
  const said = readFileSync(paths.checksums, 'utf8');
  const names = [`${ref}.tar.gz`, `${ref}.json`];
  if (said !== `${archiveSha256}  ${names[0]}\n${manifestSha256}  ${names[1]}\n`) return;
  const key = `${ref} ${archiveSha256} ${manifestSha256}`;
  let manifest = sound.get(key);
  if (manifest === undefined) {
    manifest = await openSnapshot({ fs: disk, archive, directory }, ref).catch(() => undefined);
    if (manifest !== undefined) sound.set(key, manifest);
  }
  return manifest;
}

/**
 * What is wrong with our own books when nothing is in flight: ledger, evidence, snapshots and
 * records that do not agree, and anything left lying about.
 */
export async function problemsOf(home: string): Promise<string[]> {
  const layout = homeLayout(home);
  const problems: string[] = [];
  if (!existsSync(layout.formatFile)) return problems;
  const ledger = readLedger(disk, layout.ledger);
  const refs = new Set<string>(ledger.entries.map(({ ref }) => ref));
  if (ledger.torn) problems.push('the ledger is torn');
  for (const entry of ledger.entries) {
    const { snapshot } = readEvidence(disk, layout.evidenceDirectory, entry);
    const sha = snapshot === null ? null : snapshot.sha256;
    if (sha === null) continue;
    const manifest = await soundSnapshot(layout.snapshotsDirectory, entry.ref);
    if (manifest?.archive_sha256 !== sha) problems.push(`the snapshot of ${entry.ref}`);
    else
      readManifest(disk, snapshotPaths(layout.snapshotsDirectory, entry.ref).manifest, entry.ref);
  }
  for (const name of readdirSync(layout.records)) {
    const record = readRecord(disk, join(layout.records, name));
    if (record !== undefined && refs.has(record.operation)) continue;
    problems.push(`record/${name} is of no operation`);
  }
  return [...problems, ...leftBehind(home, ledger)];
}

/** Names in the state directory that nothing in the ledger accounts for. */
function leftBehind(home: string, { entries }: Ledger): string[] {
  const layout = homeLayout(home);
  const refs = new Set<string>(entries.map(({ ref }) => ref));
  const left: string[] = [];
  const expectOnly = (directory: string, known: (name: string) => boolean): void => {
    for (const name of readdirSync(directory)) {
      if (!known(name)) left.push(`${join(directory, name).slice(home.length + 1)} is left behind`);
    }
  };
  expectOnly(layout.journal, () => false);
  expectOnly(layout.evidenceDirectory, (name) => refs.has(name.replace(/\.json$/, '')));
  expectOnly(layout.snapshotsDirectory, (name) =>
    refs.has(name.replace(/\.(tar\.gz|json|sha256)$/, '')),
  );
  expectOnly(layout.displacedDirectory, (name) => {
    readJournal(disk, home, layout.displaced(name));
    return refs.has(name);
  });
  expectOnly(layout.stateDirectory, (name) => !name.includes('.new'));
  return left;
}
