import { join } from 'node:path';
import type { OperationRef } from '../core/operation-ref.ts';

/** The three files of one snapshot: plain tar extracts the first, `sha256sum -c` checks it. */
export interface SnapshotFiles {
  readonly archive: string;
  readonly manifest: string;
  readonly checksum: string;
}

/** Every path of a home that the program uses (docs/evidence-format.md#the-home). Absolute. */
export interface HomeLayout {
  readonly home: string;
  readonly instances: string;
  readonly localCatalog: string;
  /** Everything of ours; only its owner may read it. */
  readonly stateDirectory: string;
  readonly formatFile: string;
  readonly releasesGit: string;
  readonly records: string;
  readonly snapshotsDirectory: string;
  readonly displacedDirectory: string;
  readonly evidenceDirectory: string;
  readonly reportsDirectory: string;
  readonly journal: string;
  readonly ledger: string;
  readonly lock: string;
  readonly releasesLock: string;
  readonly recordFile: (id: string) => string;
  readonly snapshots: (ref: OperationRef) => SnapshotFiles;
  readonly displaced: (ref: OperationRef) => string;
  readonly evidence: (ref: OperationRef) => string;
  readonly reports: (id: string) => string;
  readonly journalEntry: (ref: OperationRef) => string;
  /** The same, before its rename makes it an intent. */
  readonly journalDraft: (ref: OperationRef) => string;
}

/** @param home absolute, links resolved */
export function homeLayout(home: string): HomeLayout {
  const state = join(home, '.identity-install');
  const below = (name: string): string => join(state, name);
  const snapshotsDirectory = below('snapshots');
  return {
    home,
    instances: join(home, 'instances'),
    localCatalog: join(home, 'catalog.local.yaml'),
    stateDirectory: state,
    formatFile: below('format.json'),
    releasesGit: below('releases.git'),
    records: below('record'),
    snapshotsDirectory,
    displacedDirectory: below('displaced'),
    evidenceDirectory: below('evidence'),
    reportsDirectory: below('reports'),
    journal: below('journal'),
    ledger: below('ledger.jsonl'),
    lock: below('lock'),
    releasesLock: below('releases.lock'),
    recordFile: (id) => join(state, 'record', `${id}.json`),
    snapshots: (ref) => ({
      archive: join(snapshotsDirectory, `${ref}.tar.gz`),
      manifest: join(snapshotsDirectory, `${ref}.json`),
      checksum: join(snapshotsDirectory, `${ref}.sha256`),
    }),
    displaced: (ref) => join(state, 'displaced', ref),
    evidence: (ref) => join(state, 'evidence', `${ref}.json`),
    reports: (id) => join(state, 'reports', id),
    journalEntry: (ref) => join(state, 'journal', ref),
    journalDraft: (ref) => join(state, 'journal', `${ref}.new`),
  };
}
