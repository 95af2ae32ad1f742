import { join, resolve } from 'node:path';
import { canonicalJson, sha256 } from '../../core/digest.ts';
import { octal } from '../../core/octal.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { readRecord } from '../../instance/record-file.ts';
import { reportOutcome } from '../../protocol/install-report.ts';
import type { InstallContext } from '../../engine/context.ts';
import { requireSpace } from '../../engine/preflight.ts';
import { pairOf } from '../reports/outcome-pair.ts';
import type { Session } from '../../engine/session.ts';
import { completedOperation } from '../../engine/completed-operation.ts';
import type { EvidenceDraft } from '../../engine/trail/evidence.ts';
import { requireOperation } from '../../engine/trail/ledger.ts';
import { signatureOfInstance } from '../../engine/trail/signature.ts';
import type { SnapshotRequest } from '../../engine/snapshot/snapshot-manifest.ts';
import { nothing, type Change, type FilePathState } from '../../engine/change.ts';
import { exchangeKind } from '../../engine/transaction/exchange-probe.ts';
import type { Intent } from '../../engine/journal/intent.ts';
import { runTransaction } from '../../engine/transaction/transaction.ts';
import type { CompletedOperation } from '../../engine/completed-operation.ts';
import type { RegisterRequest } from './request.ts';

export interface CatalogWrite {
  readonly request: RegisterRequest;
  /** The catalog as it was read; undefined where there is none. */
  readonly before: { readonly bytes: Buffer; readonly state: FilePathState } | undefined;
  readonly after: Buffer;
}

/** One operation on the local catalog, and what is known of the identity that it is about. */
interface CatalogOperation {
  readonly ref: OperationRef;
  /** When it began. */
  readonly now: string;
  readonly request: RegisterRequest;
  readonly record: InstalledRecord | null;
  readonly instance: string;
  readonly change: CatalogChange;
}

interface CatalogChange extends Change {
  readonly after: FilePathState;
}

/** Writes the local catalog, and nothing else, as an operation with evidence and undo. */
export async function writeLocalCatalog(
  context: InstallContext,
  session: Session,
  { request, before, after }: CatalogWrite,
): Promise<CompletedOperation> {
  const { fs, layout, clock, environment } = context;
  const change: CatalogChange = {
    root: 'home',
    path: 'catalog.local.yaml',
    before: before?.state ?? nothing,
    after: {
      kind: 'file',
      sha256: sha256(after),
      size: after.byteLength,
      mode: before?.state.mode ?? 0o666 & ~environment.umask,
    },
  };
  requireSpace(fs, layout.stateDirectory, [change]);
  const record = readRecord(fs, layout.recordFile(request.id)) ?? null;
  if (record !== null) requireOperation(session.ledger, layout.ledger, record.operation);
  const operation: CatalogOperation = {
    ref: session.nextRef(),
    now: clock.now().toISOString(),
    request,
    record,
    instance: instanceOf(context, request.id, record),
    change,
  };
  const finished = await runTransaction(context, {
    intent: await intentOf(context, session, operation),
    snapshot: snapshotOf(context, operation),
    content: {
      provide: (wanted, deliver) => {
        for (const slot of wanted.keys()) deliver(slot, after);
        return Promise.resolve();
      },
    },
  });
  return completedOperation(context, finished);
}

async function intentOf(
  context: InstallContext,
  session: Session,
  operation: CatalogOperation,
): Promise<Intent> {
  const { fs, layout } = context;
  const { ref, request, record, instance, change } = operation;
  return {
    schema: 'identity-install/intent@1',
    ref,
    id: request.id,
    home: layout.home,
    instance,
    changes: [change],
    stagesTree: false,
    exchange: exchangeKind(fs, layout.journal, ref, [change]),
    recordBefore: record,
    recordAfter: record,
    evidence: await evidenceOf(context, session, operation),
  };
}

async function evidenceOf(
  context: InstallContext,
  session: Session,
  { ref, now, request, record, instance, change }: CatalogOperation,
): Promise<EvidenceDraft> {
  const { before, after, path } = change;
  return {
    run_id: session.runId,
    operation: 'register',
    started_at: now,
    tool: context.tool,
    command: context.command,
    mode: 'preserve',
    release: record?.release ?? null,
    previous_release: record?.release ?? null,
    plan_digest: sha256(canonicalJson(change)),
    // The pair is about the pack, of which nothing changes.
    ...pairOf(reportOutcome({ added: 0, changedOrRemoved: 0, keptDiffering: 0 })),
    source_signature: null,
    target_signature_before: await signatureOfInstance(context, instance, record?.reports ?? []),
    files: [
      {
        path,
        root: 'home',
        action: request.activate ? 'activate' : 'register',
        reason: null,
        before: before.kind === 'file' ? described(before) : null,
        after: described(after),
      },
    ],
    reports: [],
    snapshot_holds: before.kind === 'file' ? 'changed-files' : null,
    undoes: null,
    undo: context.undoCommand(ref),
    findings: [],
    summary: request.activate ? 'as the default' : 'in the local catalog',
  };
}

function described({ sha256: digest, size, mode }: FilePathState) {
  return { sha256: digest, size, mode: octal(mode) };
}

/** The catalog as it was; null where there was none. */
function snapshotOf(
  { fs, layout }: InstallContext,
  { ref, now, request, instance, change }: CatalogOperation,
): SnapshotRequest | null {
  const { before, path } = change;
  if (before.kind !== 'file') return null;
  const live = layout.localCatalog;
  const modifiedNs = fs.stat(live)?.modifiedNs ?? 0n;
  return {
    ref,
    id: request.id,
    roots: { home: layout.home, instance },
    holds: 'changed-files',
    files: [{ member: path, live, state: before, modifiedNs }],
    directories: [],
    links: [],
    createdAt: now,
  };
}

/**
 * Where an undo would look for files of the identity, of which this operation changes none. A pack
 * in a repository is no instance.
 */
function instanceOf(
  { layout }: InstallContext,
  id: string,
  record: InstalledRecord | null,
): string {
  return record === null ? join(layout.instances, id) : resolve(layout.home, record.instance);
}
