import { join } from 'node:path';
import type { EntryState } from '../../core/entry.ts';
import { octal } from '../../core/octal.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { comparePaths, type PackPath } from '../../core/path.ts';
import { pinCommit } from '../../release/store.ts';
import type { DirectoryFacts, FilePathState } from '../../engine/change.ts';
import { changesOfPlan, type ComposedFile } from './changes-of-plan.ts';
import { completedOperation } from '../../engine/completed-operation.ts';
import type { InstallContext } from '../../engine/context.ts';
import type { EvidenceFile } from '../../engine/trail/evidence.ts';
import { exchangeKind } from '../../engine/transaction/exchange-probe.ts';
import type { Intent } from '../../engine/journal/intent.ts';
import { nextRecord } from '../../planning/next-record.ts';
import { pairOf, reportOutcomeOf } from '../reports/outcome-pair.ts';
import type { FileAction } from '../../planning/plan.ts';
import { instanceName } from '../../instance/locate.ts';
import type { PlannedIdentity } from './plan-identity.ts';
import { requireOneFileSystem, requireSpace } from '../../engine/preflight.ts';
import { treeSignature } from '../../core/digest.ts';
import { signatureOfState } from '../../engine/trail/signature.ts';
import {
  type SnapshotFile,
  type SnapshotRequest,
} from '../../engine/snapshot/snapshot-manifest.ts';
import { runTransaction, type ContentSource } from '../../engine/transaction/transaction.ts';
import type { CompletedOperation } from '../../engine/completed-operation.ts';

export interface ApplyInput {
  readonly planned: PlannedIdentity;
  readonly ref: OperationRef;
  readonly runId: string;
  readonly from: string;
  /** A whole-instance snapshot was asked for. */
  readonly backup: boolean;
  /** Protocol reports to publish into the instance with this operation. */
  readonly reports: readonly ComposedFile[];
}

/**
 * Carries a plan out as one transaction.
 *
 * Pre: the home's lock is held and the plan was made under it.
 */
export async function applyPlan(
  context: InstallContext,
  input: ApplyInput,
): Promise<CompletedOperation> {
  const { planned } = input;
  const { plan } = planned;
  const composed = [...input.reports, ...planned.catalog.files];
  const facts = directoryFacts(planned, context.environment.umask);
  const changes = changesOfPlan(plan, composed, facts);
  const snapshot = snapshotRequest(context, input, changes);
  const backedUp = snapshot?.files.reduce((sum, file) => sum + file.state.size, 0) ?? 0;
  requireOneFileSystem(context.fs, context.layout.stateDirectory, plan.instance);
  requireSpace(context.fs, context.layout.stateDirectory, changes, backedUp);
  // Before anything speaks of the commit, so that the base of every file can always be read again.
  await pinCommit(context.release, plan.release.commit);
  const intent = composeIntent(context, input, { changes, snapshot });
  const finished = await runTransaction(context, {
    intent,
    snapshot,
    content: contentOf(planned, composed),
  });
  const completed = completedOperation(context, finished);
  const warnings = [...completed.warnings, ...snapshotWarnings(input, snapshot)];
  return { ...completed, warnings };
}

function directoryFacts({ plan, local }: PlannedIdentity, umask: number): DirectoryFacts {
  const directories = new Map<PackPath, number>();
  const occupied = new Set<PackPath>();
  for (const [path, entry] of local) {
    if (entry.kind === 'directory') directories.set(path, entry.mode);
    else occupied.add(path);
  }
  return { instanceExists: plan.instanceExists, directories, occupied, newMode: 0o777 & ~umask };
}

/** All of the instance for `--backup`; else what is changed or removed; null when nothing is. */
function snapshotRequest(
  context: InstallContext,
  { planned, ref, backup }: ApplyInput,
  changes: Intent['changes'],
): SnapshotRequest | null {
  const { plan, local } = planned;
  const changing = new Set(
    changes.flatMap((change) =>
      change.root === 'instance' && change.before.kind === 'file' ? [change.path] : [],
    ),
  );
  const catalog = planned.catalog.files.filter((file) => file.before !== null);
  const whole = backup && plan.instanceExists;
  if (!whole && changing.size === 0 && catalog.length === 0) return null;
  const member = (path: PackPath) => `${plan.id}/${path}`;
  const files: SnapshotFile[] = [];
  const directories: { member: string; mode: number }[] = [];
  const links: { member: string; target: string }[] = [];
  for (const [path, entry] of local) {
    const live = join(plan.instance, path);
    if (entry.kind === 'file' && (whole || changing.has(path))) {
      const { sha256, size, mode, modifiedNs } = entry;
      const state = { kind: 'file', sha256, size, mode } as const;
      files.push({ member: member(path), live, state, modifiedNs });
    } else if (whole && entry.kind === 'directory') {
      directories.push({ member: member(path), mode: entry.mode });
    } else if (whole && entry.kind === 'link') {
      links.push({ member: member(path), target: context.fs.readLink(live) });
    }
  }
  for (const { path, before } of catalog) {
    if (before === null) continue;
    const live = join(plan.home, path);
    const modifiedNs = context.fs.stat(live)?.modifiedNs ?? 0n;
    files.push({ member: path, live, state: before, modifiedNs });
  }
  const holds = whole ? 'instance' : 'changed-files';
  const createdAt = context.clock.now().toISOString();
  return { ref, id: plan.id, roots: plan, holds, files, directories, links, createdAt };
}

function snapshotWarnings(
  { planned }: ApplyInput,
  snapshot: SnapshotRequest | null,
): CompletedOperation['warnings'] {
  const links = snapshot?.links ?? [];
  return links.map(({ member, target }) => ({
    code: 'LINK_NOT_IN_SNAPSHOT',
    path: join(planned.plan.instance, member.slice(planned.plan.id.length + 1)),
    message: `It is a link to ${target}: named in the manifest of the snapshot, not archived.`,
  }));
}

/** Pack files from git in one pass, what we composed from memory. */
function contentOf(planned: PlannedIdentity, composed: readonly ComposedFile[]): ContentSource {
  const ready = new Map(composed.map((file) => [`${file.root}/${file.path}`, file.bytes]));
  return {
    async provide(wanted, deliver) {
      const slots = new Map<PackPath, number>();
      for (const [slot, change] of wanted) {
        const bytes = ready.get(`${change.root}/${change.path}`);
        if (bytes !== undefined) deliver(slot, bytes);
        else slots.set(change.path, slot);
      }
      for await (const { path, bytes } of planned.pack.read([...slots.keys()])) {
        const slot = slots.get(path);
        if (slot !== undefined) deliver(slot, bytes);
      }
    },
  };
}

function composeIntent(
  context: InstallContext,
  input: ApplyInput,
  { changes, snapshot }: { changes: Intent['changes']; snapshot: SnapshotRequest | null },
): Intent {
  const { planned, ref, runId, from } = input;
  const { plan, record, pack, local } = planned;
  const now = context.clock.now().toISOString();
  const published = input.reports.map((file) => file.path);
  const reports = [...new Set([...(record?.reports ?? []), ...published])].sort(comparePaths);
  return {
    schema: 'identity-install/intent@1',
    ref,
    id: plan.id,
    home: plan.home,
    instance: plan.instance,
    changes,
    stagesTree: !plan.instanceExists && changes.some((change) => change.root === 'instance'),
    exchange: exchangeKind(context.fs, context.layout.journal, ref, changes),
    recordBefore: record,
    recordAfter: nextRecord({
      plan,
      record,
      instance: instanceName(plan.home, plan.instance),
      from,
      reports,
      operation: ref,
      updatedAt: now,
    }),
    evidence: {
      run_id: runId,
      operation: 'install',
      started_at: now,
      tool: context.tool,
      command: context.command,
      mode: plan.mode,
      release: plan.release,
      previous_release: plan.installed,
      plan_digest: plan.digest,
      ...pairOf(reportOutcomeOf(plan.actions)),
      source_signature: treeSignature(
        [...pack.pack.entries].map(([path, entry]) => [path, entry.sha256]),
      ),
      target_signature_before: signatureOfState(local, record?.reports ?? []),
      files: [
        ...plan.actions.map(evidenceOfAction),
        ...input.reports.map((file) => evidenceOfComposed(file, 'report')),
        ...planned.catalog.files.map((file) => evidenceOfComposed(file, 'catalog')),
      ],
      reports: published,
      snapshot_holds: snapshot?.holds ?? null,
      undoes: null,
      undo: context.undoCommand(ref),
      summary: summaryOf(planned),
      findings: plan.findings,
    },
  };
}

/** One line for `identity history`. */
function summaryOf({ plan }: PlannedIdentity): string {
  const name = (release: typeof plan.release) => release.tag ?? release.commit.slice(0, 12);
  const { installed, release, mode } = plan;
  const how = mode === 'preserve' ? '' : ` (${mode})`;
  return installed === null
    ? `${name(release)}${how}`
    : `${name(installed)} -> ${name(release)}${how}`;
}

function evidenceOfAction(action: FileAction): EvidenceFile {
  const modeBefore = 'modeBefore' in action ? action.modeBefore : undefined;
  const modeAfter = 'mode' in action ? action.mode : undefined;
  const before = described(action.local, modeBefore);
  const after = action.kind === 'keep' ? before : described(action.incoming, modeAfter);
  return {
    path: action.path,
    root: 'instance',
    action: action.kind,
    reason: action.kind === 'keep' ? (action.conflict ?? action.reason) : null,
    before,
    after: action.kind === 'remove' ? null : after,
  };
}

function evidenceOfComposed(file: ComposedFile, action: string): EvidenceFile {
  const { root, path, bytes, sha256, mode, before } = file;
  const size = bytes.byteLength;
  const after = { sha256, size, mode: octal(mode) };
  return {
    path,
    root,
    action,
    reason: null,
    before: before === null ? null : plain(before),
    after,
  };
}

function plain({ sha256, size, mode }: FilePathState): NonNullable<EvidenceFile['before']> {
  return { sha256, size, mode: octal(mode) };
}

function described(state: EntryState, mode: number | undefined): EvidenceFile['before'] {
  if (state.kind !== 'file') return null;
  const { sha256, size, executable } = state;
  return { sha256, size, mode: octal(mode ?? (executable ? 0o755 : 0o644)) };
}
