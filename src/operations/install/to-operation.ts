import { join } from 'node:path';
import { treeSignature } from '../../core/digest.ts';
import type { EntryState } from '../../core/entry.ts';
import { octal } from '../../core/octal.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { comparePaths, type PackPath } from '../../core/path.ts';
import type { DirectoryFacts } from '../../engine/change.ts';
import type { ContentSource, Operation } from '../../engine/operation.ts';
import { memberName, type SnapshotContents } from '../../engine/snapshot/snapshot-manifest.ts';
import { fileFacts, type EvidenceFile } from '../../engine/trail/evidence.ts';
import { signatureOfState } from '../../engine/trail/signature.ts';
import { instanceName } from '../../instance/locate.ts';
import { nextRecord } from '../../planning/next-record.ts';
import type { FileAction } from '../../planning/plan.ts';
import { pinCommit } from '../../release/store.ts';
import type { OperationContext } from '../context.ts';
import { pairOf, reportOutcomeOf } from '../reports/outcome-pair.ts';
import { changesOfPlan, type ComposedFile } from './changes-of-plan.ts';
import type { PlannedIdentity } from './plan-identity.ts';

export interface InstallInput {
  readonly planned: PlannedIdentity;
  readonly ref: OperationRef;
  readonly runId: string;
  /** A snapshot of the whole instance was requested. */
  readonly backup: boolean;
  /** Protocol reports to publish into the instance with this operation. */
  readonly reports: readonly ComposedFile[];
}

/** The plan of one identity as an operation for the engine. */
export function toOperation(context: OperationContext, input: InstallInput): Operation {
  const { planned, ref, runId, backup, reports } = input;
  const { plan, record } = planned;
  const composed = [...reports, ...planned.catalog.files];
  const startedAt = context.clock.now().toISOString();
  return {
    kind: 'install',
    ref,
    runId,
    id: plan.id,
    roots: { home: plan.home, instance: plan.instance },
    startedAt,
    changes: changesOfPlan(plan, composed, directoryFacts(planned, context.environment.umask)),
    recordBefore: record,
    recordAfter: nextRecord({
      plan,
      record,
      instance: instanceName(plan.home, plan.instance),
      reports: [...new Set([...(record?.reports ?? []), ...reports.map(({ path }) => path)])].sort(
        comparePaths,
      ),
      operation: ref,
      updatedAt: startedAt,
    }),
    snapshot: backup && plan.instanceExists ? wholeInstance(context, planned) : 'changed-files',
    content: contentOf(context, planned, composed),
    facts: factsOf(planned, reports),
    summary: summaryOf(planned),
  };
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

/** What `--backup` covers: every file, directory and link of the instance. */
function wholeInstance(
  { fs }: OperationContext,
  { plan, local }: PlannedIdentity,
): SnapshotContents {
  const files: SnapshotContents['files'][number][] = [];
  const directories: SnapshotContents['directories'][number][] = [];
  const links: SnapshotContents['links'][number][] = [];
  for (const [path, entry] of local) {
    const live = join(plan.instance, path);
    const member = memberName(plan.id, { root: 'instance', path });
    if (entry.kind === 'file') {
      const { sha256, size, mode, modifiedNs } = entry;
      files.push({ member, live, state: { kind: 'file', sha256, size, mode }, modifiedNs });
    } else if (entry.kind === 'directory') directories.push({ member, mode: entry.mode });
    else if (entry.kind === 'link') links.push({ member, target: fs.readLink(live) });
  }
  return { files, directories, links };
}

/** Pack files come from git in one pass, composed files from memory. */
function contentOf(
  context: OperationContext,
  { plan, pack }: PlannedIdentity,
  composed: readonly ComposedFile[],
): ContentSource {
  const ready = new Map(composed.map((file) => [`${file.root}/${file.path}`, file.bytes]));
  return {
    // The base of every file can then always be read again.
    keep: () => pinCommit(context, plan.release.commit),
    async provide(wanted, deliver) {
      const slots = new Map<PackPath, number>();
      for (const [slot, change] of wanted) {
        const bytes = ready.get(`${change.root}/${change.path}`);
        if (bytes !== undefined) deliver(slot, bytes);
        else slots.set(change.path, slot);
      }
      for await (const { path, bytes } of pack.read([...slots.keys()])) {
        const slot = slots.get(path);
        if (slot !== undefined) deliver(slot, bytes);
      }
    },
  };
}

function factsOf(
  { plan, record, pack, local, catalog }: PlannedIdentity,
  reports: readonly ComposedFile[],
): Operation['facts'] {
  return {
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
      ...reports.map((file) => evidenceOfComposed(file, 'report')),
      ...catalog.files.map((file) => evidenceOfComposed(file, 'catalog')),
    ],
    reports: reports.map(({ path }) => path),
    undoes: null,
    findings: plan.findings,
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
  const before = entryFacts(action.local, modeBefore);
  const after = action.kind === 'keep' ? before : entryFacts(action.incoming, modeAfter);
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
  return {
    path,
    root,
    action,
    reason: null,
    before: fileFacts(before),
    after: fileFacts({ kind: 'file', sha256, size, mode }),
  };
}

/** Of a kept file's permissions, the plan knows only the executable bit. */
function entryFacts(state: EntryState, mode: number | undefined): EvidenceFile['before'] {
  if (state.kind !== 'file') return null;
  const { sha256, size, executable } = state;
  return { sha256, size, mode: octal(mode ?? (executable ? 0o755 : 0o644)) };
}
