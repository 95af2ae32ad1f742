import { ownMember } from '../core/own-member.ts';
import type { PackPath } from '../core/path.ts';
import type { OperationRef } from '../core/operation-ref.ts';
import type { BaseFile, InstalledRecord } from '../core/record.ts';
import type { FileAction, Plan } from './plan.ts';

export interface NextRecordInput {
  readonly plan: Plan;
  readonly record: InstalledRecord | null;
  /** The instance as the record names it. */
  readonly instance: string;
  readonly reports: readonly PackPath[];
  readonly operation: OperationRef;
  readonly updatedAt: string;
}

/**
 * The record after a plan. A file's base advances only if we wrote the file or if it equals the
 * release; every kept file keeps its base (docs/adr/0004-base-per-file.md).
 */
export function nextRecord(input: NextRecordInput): InstalledRecord {
  const { plan, record } = input;
  const before = plan.instanceExists ? record?.files : undefined;
  const files = new Map<PackPath, BaseFile>();
  for (const action of plan.actions) {
    const base = nextBase(action, ownMember(before, action.path), plan.release.commit);
    if (base !== undefined) files.set(action.path, base);
  }
  return {
    schema: 'identity-install/record@1',
    id: plan.id,
    instance: input.instance,
    from: plan.release.url,
    release: plan.release,
    files: Object.fromEntries(files),
    reports: [...input.reports],
    operation: input.operation,
    updatedAt: input.updatedAt,
  };
}

function nextBase(
  action: FileAction,
  before: BaseFile | undefined,
  commit: string,
): BaseFile | undefined {
  if (action.kind === 'remove') return undefined;
  const advances = action.kind !== 'keep' || action.reason === 'unchanged';
  if (!advances || action.incoming.kind !== 'file') return before;
  const { sha256, size, executable } = action.incoming;
  return { sha256, size, executable, commit };
}

/** Whether two records describe the same instance, whichever operation wrote them. */
export function sameContent(left: InstalledRecord, right: InstalledRecord): boolean {
  const paths = Object.keys(left.files);
  return (
    left.release.commit === right.release.commit &&
    left.release.tag === right.release.tag &&
    left.release.url === right.release.url &&
    left.from === right.from &&
    left.instance === right.instance &&
    paths.length === Object.keys(right.files).length &&
    paths.every((path) => {
      const a = ownMember(left.files, path);
      const b = ownMember(right.files, path);
      // The commit of a base may differ between releases that ship the same bytes.
      return a !== undefined && a.sha256 === b?.sha256 && a.executable === b.executable;
    })
  );
}
