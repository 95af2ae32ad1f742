import { InstallError } from '../../../core/errors.ts';
import { isPlainPath } from '../../../core/plain-path.ts';
import { rollbackOptionTexts } from '../../../operations/rollback/options.ts';
import { rollback } from '../../../operations/rollback/rollback.ts';
import type { RollbackRequest } from '../../../operations/rollback/request.ts';
import { count, flag, input, list, object, oneOf, orNull, sha256, text } from '../json-schema.ts';
import { sentence } from '../sentence.ts';
import type { ShownPlans } from '../shown-plans.ts';
import type { Tool } from '../tool.ts';
import { cut, operationOf, operationSchema } from './shapes.ts';

interface Input {
  readonly ref?: string;
  readonly paths?: readonly string[];
  readonly plan_digest?: string;
}

export const rollbackTool: Tool<Input> = {
  name: 'identity_rollback',
  title: 'Undo an operation',
  description:
    'With ref: shows what undoing that operation would do, and changes nothing. With plan_digest: ' +
    'applies exactly the plan that was shown. Later edits are saved in a snapshot first; ' +
    'a rollback can be undone as well.',
  writes: true,
  locksHome: true,
  reachesOut: false,
  inputSchema: input({
    ref: text('Ref of an operation or its beginning, "last", or "<id>@last".'),
    paths: list(text(sentence(`with ref: ${rollbackOptionTexts.paths}`))),
    plan_digest: { ...sha256, description: sentence(rollbackOptionTexts.planDigest) },
  }),
  outputSchema: object({
    id: text(),
    undoes: text('Ref of the operation.'),
    outcome: oneOf(['planned', 'done', 'nothing-to-do']),
    planDigest: orNull(text('Null if several operations would have to be undone one by one.')),
    actions: list(
      object(
        {
          root: oneOf(['instance', 'home']),
          path: text(),
          kind: oneOf(['restore', 'remove', 'keep']),
          reason: text(),
          edited: flag('It was edited since.'),
        },
        ['reason'],
      ),
    ),
    omitted: count('How many actions the list leaves out.'),
    notPlanned: list(text(), 'Refs of the run that would be undone after this one.'),
    operation: orNull(operationSchema),
  }),
  run: async (given, { context, plans }) => {
    const request = requestOf(given, plans);
    const run = await rollback(context, request);
    const [first] = run.operations;
    if (first === undefined) throw new InstallError('E_BUG', 'A rollback had no outcome.');
    const { id, undoes, outcome, plan, operation } = first;
    const single = run.notPlanned.length === 0;
    if (outcome === 'planned' && single) {
      const { paths } = request;
      const wish: RollbackRequest = { ref: undoes, through: false, paths };
      plans.rollback.remember(plan.digest, wish);
    }
    const { shown, omitted } = cut(plan.actions);
    return {
      id,
      undoes,
      outcome,
      planDigest: single ? plan.digest : null,
      actions: shown.map(({ root, path, kind, reason, edited }) => ({
        root,
        path,
        kind,
        ...(reason !== undefined && { reason }),
        edited,
      })),
      omitted,
      notPlanned: run.notPlanned,
      operation: operation && operationOf(operation),
    };
  },
};

function requestOf(given: Input, plans: ShownPlans): RollbackRequest {
  const { ref, paths = [], plan_digest: planDigest } = given;
  if ((ref === undefined) === (planDigest === undefined) || (planDigest && paths.length > 0)) {
    throw new InstallError('E_USAGE', 'identity_rollback takes either ref or plan_digest.', {
      remedy:
        'Give ref, and optionally paths, to see the plan; then its planDigest alone to apply it.',
    });
  }
  if (planDigest !== undefined) return { ...plans.rollback.recall(planDigest), planDigest };
  const outside = paths.find((path) => !isPlainPath(path));
  if (outside !== undefined) {
    throw new InstallError('E_USAGE', `"${outside}" is not a path inside an instance.`, {
      remedy: 'Write it relative to the instance, for example IDENTITY_PROMPT.md.',
      details: { argument: 'paths', value: outside },
    });
  }
  return { ref: ref ?? '', through: false, paths, stopAfter: 'plan' };
}
