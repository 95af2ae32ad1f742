import { join } from 'node:path';
import { completedOperation, type CompletedOperation } from './completed-operation.ts';
import type { EngineContext } from './context.ts';
import type { Intent } from './journal/intent.ts';
import { livePath } from './live-state.ts';
import type { Operation } from './operation.ts';
import type { OperationWarning } from './operation-warning.ts';
import { requireOneFileSystem, requireSpace } from './preflight.ts';
import {
  memberName,
  type SnapshotFile,
  type SnapshotRequest,
} from './snapshot/snapshot-manifest.ts';
import { exchangeKind } from './transaction/exchange-probe.ts';
import { runTransaction } from './transaction/transaction.ts';

/**
 * The one way in which an instance, the local catalog or a record changes: carries out an operation
 * as described in docs/apply-and-rollback.md, with its snapshot, evidence and line of the ledger.
 *
 * Pre: the home's lock is held, no journal is pending, and the operation was planned under the lock.
 *
 * @throws InstallError E_INSTANCE_CHANGED, E_NO_SPACE, E_FS_NO_EXCHANGE, E_HOME_READ_ONLY,
 *   E_INTERRUPTED, E_IO; then nothing was changed, or everything was undone
 */
export async function perform(
  context: EngineContext,
  operation: Operation,
): Promise<CompletedOperation> {
  const { fs, layout } = context;
  const { changes, roots, content } = operation;
  const snapshot = snapshotRequest(context, operation);
  if (changes.some(({ root }) => root === 'instance')) {
    requireOneFileSystem(fs, layout.stateDirectory, roots.instance);
  }
  requireSpace(fs, layout.stateDirectory, changes, unchangedBytes(operation, snapshot));
  await content.keep?.();
  const intent = composeIntent(context, operation, snapshot);
  const finished = await runTransaction(context, { intent, snapshot, content });
  const completed = completedOperation(context, finished);
  return { ...completed, warnings: [...completed.warnings, ...linkWarnings(operation)] };
}

/** Everything for a backup; otherwise what is changed or removed. Null if that is nothing. */
function snapshotRequest(context: EngineContext, operation: Operation): SnapshotRequest | null {
  const { ref, id, roots, changes, snapshot, startedAt: createdAt } = operation;
  const changed = changes.flatMap((change): SnapshotFile[] => {
    if (change.before.kind !== 'file') return [];
    const live = livePath(roots, change);
    const modifiedNs = context.fs.stat(live)?.modifiedNs ?? 0n;
    return [{ member: memberName(id, change), live, state: change.before, modifiedNs }];
  });
  if (snapshot === 'changed-files') {
    if (changed.length === 0) return null;
    const holds = 'changed-files';
    return { ref, id, roots, holds, files: changed, directories: [], links: [], createdAt };
  }
  const held = new Set(snapshot.files.map(({ member }) => member));
  const files = [...snapshot.files, ...changed.filter(({ member }) => !held.has(member))];
  return { ...snapshot, ref, id, roots, holds: 'instance', files, createdAt };
}

/** Bytes of the snapshot that do not belong to a change. */
function unchangedBytes({ id, changes }: Operation, snapshot: SnapshotRequest | null): number {
  const changed = new Set(changes.map((change) => memberName(id, change)));
  return (snapshot?.files ?? [])
    .filter(({ member }) => !changed.has(member))
    .reduce((sum, { state }) => sum + state.size, 0);
}

function composeIntent(
  context: EngineContext,
  operation: Operation,
  snapshot: SnapshotRequest | null,
): Intent {
  const { fs, layout, tool, command, undoCommand } = context;
  const { kind, ref, runId, id, roots, startedAt, changes, facts, summary } = operation;
  return {
    schema: 'identity-install/intent@1',
    ref,
    id,
    home: roots.home,
    instance: roots.instance,
    changes,
    stagesTree: changes.some(
      ({ root, path, after }) => root === 'instance' && path === '' && after.kind === 'directory',
    ),
    exchange: exchangeKind(fs, layout.journal, ref, changes),
    recordBefore: operation.recordBefore,
    recordAfter: operation.recordAfter,
    evidence: {
      ...facts,
      run_id: runId,
      operation: kind,
      started_at: startedAt,
      tool,
      command,
      snapshot_holds: snapshot?.holds ?? null,
      undo: undoCommand(ref),
      summary,
    },
  };
}

function linkWarnings({ id, roots, snapshot }: Operation): OperationWarning[] {
  if (snapshot === 'changed-files') return [];
  return snapshot.links.map(({ member, target }) => ({
    code: 'LINK_NOT_IN_SNAPSHOT',
    path: join(roots.instance, member.slice(id.length + 1)),
    message: `It is a link to ${target}: named in the manifest of the snapshot, not archived.`,
  }));
}
