import { printable } from '../../core/printable.ts';
import type { RollbackAction } from '../../operations/rollback/plan.ts';
import type { RollbackOutcome, RollbackRun } from '../../operations/rollback/outcome.ts';
import type { RollbackRequest } from '../../operations/rollback/request.ts';
import { rollbackCommandLine } from '../commands/rollback/command-line.ts';
import { fixed, labelled, type Line } from '../layout/lines.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { fileLines, foldedFileLines, type FileLine, type Symbol } from './file-lines.ts';
import { count } from './fold.ts';
import { operationLines } from './next-steps.ts';
import { textOf } from './sections.ts';
import { recoveredLines, warningLines } from './warnings.ts';

/** What a rollback did, or would do, for a person. */
export function renderRollback(
  run: RollbackRun,
  request: RollbackRequest,
  context: RenderContext,
): string {
  return textOf(
    [
      recoveredLines(run.recovered, context.style),
      ...run.operations.flatMap((operation) => sectionsOf(operation, request, context)),
      notPlannedLines(run, context),
    ],
    context.layout,
  );
}

/** Later steps depend on the effects of the first, so only the first can be shown. */
function notPlannedLines({ notPlanned }: RollbackRun, { style }: RenderContext): string[] {
  if (notPlanned.length === 0) return [];
  return [
    style.warning(`This is the first of ${notPlanned.length + 1} operations to undo. After it:`),
    ...notPlanned.map((ref) => `  ${printable(ref)}`),
  ];
}

function sectionsOf(
  rollback: RollbackOutcome,
  request: RollbackRequest,
  context: RenderContext,
): Line[][] {
  const { plan, operation } = rollback;
  const { style, options, layout } = context;
  const planned = rollback.outcome === 'planned';
  const kept = plan.actions.filter((action) => action.kind === 'keep');
  const noteworthy = kept.filter((action) => action.reason !== 'already-so');
  const warnings = warningLines(operation?.warnings ?? [], style);
  const keptLines = fileLines(files(options.verbose ? kept : noteworthy, planned), layout);
  if (options.quiet) {
    const blocked = noteworthy.filter((action) => action.reason === 'in-the-way');
    return [
      fileLines(files(blocked, planned), layout),
      warnings,
      operation === null ? [] : [fixed(printable(operation.undo))],
    ];
  }

  const changes = files(
    plan.actions.filter((action) => action.kind !== 'keep'),
    planned,
  );
  return [
    [
      headline(rollback, noteworthy, context),
      ...(changes.length === 0
        ? []
        : factLines([['In', printable(plan.instance), 'path']], context)),
    ],
    foldedFileLines(changes, 12, { verbose: options.verbose, layout }),
    keptLines.length === 0 ? [] : [style.strong('Left unchanged:'), ...keptLines],
    warnings,
    planned ? applyLines(rollback, request, context) : [],
    ...(operation === null ? [] : operationLines(operation, false, context)),
  ];
}

function headline(
  { id, undoes, revives, outcome }: RollbackOutcome,
  kept: readonly RollbackAction[],
  { style }: RenderContext,
): string {
  const what = `${printable(undoes)} (${printable(id)})`;
  const blocked = kept.filter((action) => action.reason === 'in-the-way').length;
  // A user who types "last" twice wants to go further back, but undoes the undo.
  const again = revives === null ? '' : `, a rollback: ${printable(revives)} stands again`;
  switch (outcome) {
    case 'planned':
      return `${style.strong('Plan to undo')} ${what}${again}. Nothing was changed.`;
    case 'done':
      return blocked === 0
        ? style.good(`Undid ${what}${again}.`)
        : style.warning(
            `Undid ${what}, except for ${count(blocked, 'path')} where something is in the way.`,
          );
    case 'nothing-to-do':
      return kept.length === 0
        ? `${what} leaves nothing to undo: everything is already as it was before.`
        : `${what} leaves nothing that can be undone without losing something newer.`;
  }
}

function applyLines(
  { plan }: RollbackOutcome,
  request: RollbackRequest,
  { launcher }: RenderContext,
): Line[] {
  if (plan.actions.every(({ kind }) => kind === 'keep')) return [noChange(plan.actions)];
  const command = rollbackCommandLine(
    {
      // The digest is for this undo alone, not for what --through would add.
      ref: plan.undoes,
      through: false,
      paths: request.paths,
      planDigest: plan.digest,
    },
    plan.home,
  );
  return [
    labelled('Plan digest', plan.digest),
    'To apply exactly this:',
    fixed(`  ${printable(`${launcher('identity-rollback')} ${command}`)}`),
  ];
}

function noChange(kept: readonly RollbackAction[]): string {
  return kept.every(({ reason }) => reason === 'already-so')
    ? 'No file would change: everything is already as it was before.'
    : 'No file would change: nothing can be undone without losing something newer.';
}

function files(actions: readonly RollbackAction[], planned: boolean): FileLine[] {
  return actions.map((action) => {
    const note = noteFor(action, planned);
    return {
      ...wordFor(action, planned),
      path: action.root === 'home' ? `${action.path} (in the home)` : action.path,
      size: action.kind === 'restore' ? action.size : undefined,
      ...(note === undefined ? {} : { note }),
    };
  });
}

function wordFor(
  { kind, reason }: RollbackAction,
  planned: boolean,
): { symbol: Symbol; word: string } {
  switch (kind) {
    case 'restore':
      return { symbol: '~', word: planned ? 'restore' : 'restored' };
    case 'remove':
      return { symbol: '-', word: planned ? 'remove' : 'removed' };
    case 'keep':
      return reason === 'in-the-way'
        ? { symbol: '!', word: 'blocked' }
        : { symbol: '=', word: planned ? 'keep' : 'kept' };
  }
}

function noteFor({ kind, reason, edited }: RollbackAction, planned: boolean): string | undefined {
  if (kind !== 'keep') {
    if (reason === 'deleted-since') return 'it had been deleted since';
    if (!edited) return undefined;
    return planned
      ? 'edited since; the edit is saved in the snapshot first'
      : 'edited since; the edit is in the snapshot';
  }
  switch (reason) {
    case 'edited-since':
      return 'edited since the operation, so it stays';
    case 'deleted-since':
      return 'deleted since the operation, so it stays deleted';
    case 'in-the-way':
      return 'something else is here; move it away and roll back again';
    default:
      return 'already as it was before';
  }
}
