import { join } from 'node:path';
import type { FileAction } from '../../planning/plan.ts';
import type { OperationContext } from '../context.ts';
import type { PlannedIdentity } from './plan-identity.ts';
import type { PackPath } from '../../core/path.ts';

export interface FileDiff {
  readonly path: PackPath;
  /** Unified diff; null for content that is not text. */
  readonly text: string | null;
}

const diffableBytes = 1 << 20;

/** What the release would change in each existing file that differs: local to incoming. */
export async function diffsOfPlan(
  context: OperationContext,
  { plan, pack }: PlannedIdentity,
): Promise<readonly FileDiff[]> {
  const { createTwoFilesPatch } = await import('diff');
  const differing = plan.actions.filter(differs);
  const diffs: FileDiff[] = [];
  const incoming = pack.read(differing.map((action) => action.path));
  for await (const { path, bytes } of incoming) {
    const local = context.fs.read(join(plan.instance, path));
    const [before, after] = [textOf(local), textOf(bytes)];
    const text =
      before === null || after === null
        ? null
        : createTwoFilesPatch(
            path,
            path,
            before,
            after,
            'installed here',
            plan.release.tag ?? plan.release.commit,
          );
    diffs.push({ path, text });
  }
  return diffs;
}

function differs(action: FileAction): boolean {
  const { local, incoming } = action;
  return local.kind === 'file' && incoming.kind === 'file' && local.sha256 !== incoming.sha256;
}

function textOf(bytes: Buffer): string | null {
  if (bytes.byteLength > diffableBytes || bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
