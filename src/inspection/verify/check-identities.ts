import { resolve } from 'node:path';
import { isIdentityId } from '../../core/identity-id.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { readRecord } from '../../instance/record-file.ts';
import type { InspectionContext } from '../context.ts';
import { installedIds, standingIds } from '../../engine/trail/installed.ts';
import type { LedgerChain } from '../../engine/trail/ledger.ts';
import { compareInstance } from './compare.ts';
import type { Pending } from './check-state.ts';
import { attempt, problem, type Note } from './problem.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import type { VerifiedFiles } from './compare.ts';

/** One identity of a home, as far as it could be checked. */
export interface HomeIdentity {
  readonly id: string;
  /** Null without a record that can be trusted. */
  readonly release: ResolvedRelease | null;
  /** Null if the files could not be compared. */
  readonly files: VerifiedFiles | null;
}

/** Identities of a home, and their records if those can be trusted. */
export interface CheckedIdentities {
  readonly identities: readonly HomeIdentity[];
  readonly records: readonly InstalledRecord[];
}

interface KnownOperations {
  readonly chain: LedgerChain;
  /** Those in the ledger, and those in flight. */
  readonly known: ReadonlySet<OperationRef>;
  readonly pending: readonly Pending[];
}

/** Every record, and every instance against its record. */
export async function checkIdentities(
  context: InspectionContext,
  note: Note,
  { chain, known, pending }: KnownOperations,
): Promise<CheckedIdentities> {
  const { layout } = context;
  const recorded = installedIds(context);
  const identities: HomeIdentity[] = [];
  const records: InstalledRecord[] = [];
  for (const id of new Set([...recorded, ...standingIds(chain.entries)].sort())) {
    const path = layout.recordFile(id);
    const isInFlight = pending.some((operation) => operation.id === id);
    if (!recorded.includes(id) && !isInFlight) note(problem('RECORD_MISSING', { path, id }));
    const record = await checkRecord(context, note, id, known);
    if (record !== undefined) records.push(record);
    const files = record === undefined ? null : await checkInstance(context, note, record);
    identities.push({ id, release: record?.release ?? null, files });
  }
  return { identities, records };
}

async function checkRecord(
  { fs, layout }: InspectionContext,
  note: Note,
  id: string,
  known: ReadonlySet<OperationRef>,
): Promise<InstalledRecord | undefined> {
  const subject = { path: layout.recordFile(id), id };
  if (!isIdentityId(id)) {
    note(problem('RECORD_DAMAGED', subject, `${subject.path}: its name is not an identity id.`));
    return undefined;
  }
  const record = await attempt(subject, () => readRecord(fs, subject.path), note);
  if (record !== undefined && !known.has(record.operation)) {
    const message = `The record names ${record.operation}, which is missing from the ledger.`;
    note(problem('RECORD_UNKNOWN_OPERATION', subject, message));
  }
  return record;
}

async function checkInstance(
  context: InspectionContext,
  note: Note,
  record: InstalledRecord,
): Promise<HomeIdentity['files']> {
  const { id } = record;
  const subject = { path: resolve(context.layout.home, record.instance), id };
  const compared = await attempt(subject, () => compareInstance(context, record), note);
  if (compared === undefined) return null;
  if (!compared.exists) note(problem('INSTANCE_MISSING', { path: compared.path, id }));
  return compared.files;
}
