import { join, resolve } from 'node:path';
import type { OperationRef } from '../../core/operation-ref.ts';
import type { InstalledRecord } from '../../core/record.ts';
import type { Operation } from '../../engine/operation.ts';
import { fileFacts } from '../../engine/trail/evidence.ts';
import { signatureOfInstance } from '../../engine/trail/signature.ts';
import { reportOutcome } from '../../protocol/install-report.ts';
import type { OperationContext } from '../context.ts';
import { pairOf } from '../reports/outcome-pair.ts';
import type { RegisterPlan } from './plan.ts';
import type { RegisterRequest } from './request.ts';

export interface RegisterOperationInput {
  readonly request: RegisterRequest;
  readonly plan: RegisterPlan;
  readonly record: InstalledRecord | null;
  readonly ref: OperationRef;
  readonly runId: string;
}

/** A change of the local catalog, and of nothing else, as an operation for the engine. */
export async function toOperation(
  context: OperationContext,
  { request, plan, record, ref, runId }: RegisterOperationInput,
): Promise<Operation> {
  const { change, after } = plan;
  const instance = instanceOf(context, request.id, record);
  return {
    kind: 'register',
    ref,
    runId,
    id: request.id,
    roots: { home: context.layout.home, instance },
    startedAt: context.clock.now().toISOString(),
    changes: [change],
    recordBefore: record,
    recordAfter: record,
    snapshot: 'changed-files',
    content: {
      provide: (wanted, deliver) => {
        for (const slot of wanted.keys()) deliver(slot, after);
        return Promise.resolve();
      },
    },
    facts: {
      mode: 'preserve',
      release: record?.release ?? null,
      previous_release: record?.release ?? null,
      plan_digest: plan.digest,
      // The pair is about the pack, which does not change.
      ...pairOf(reportOutcome({ added: 0, changedOrRemoved: 0, keptDiffering: 0 })),
      source_signature: null,
      target_signature_before: await signatureOfInstance(context, instance, record?.reports ?? []),
      files: [
        {
          path: change.path,
          root: 'home',
          action: request.activate ? 'activate' : 'register',
          reason: null,
          before: fileFacts(change.before),
          after: fileFacts(change.after),
        },
      ],
      reports: [],
      undoes: null,
      findings: [],
    },
    summary: request.activate ? 'as the default' : 'in the local catalog',
  };
}

/**
 * Where an undo would search for files of the identity; this operation changes none of them. A pack
 * in a repository is not an instance.
 */
function instanceOf(
  { layout }: OperationContext,
  id: string,
  record: InstalledRecord | null,
): string {
  return record === null ? join(layout.instances, id) : resolve(layout.home, record.instance);
}
