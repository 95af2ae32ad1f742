import { printable } from '../../core/printable.ts';
import type { CatalogAction, KeepAction } from '../../planning/plan.ts';
import type { IdentityOutcome } from '../../operations/install/outcome.ts';
import type { InstallWish } from '../../operations/install/request.ts';
import { fixed, type Line } from '../layout/lines.ts';
import { changeLines, changeSummary } from './change-lines.ts';
import { conflictLines } from './conflict-lines.ts';
import { contractSummary } from './contract-summary.ts';
import type { RenderContext } from './context.ts';
import { diffLines } from './diff-lines.ts';
import { factLines } from './facts.ts';
import { foldedFileLines, sizeOf } from './file-lines.ts';
import { count } from './fold.ts';
import { headline } from './headline.ts';
import { keepReason } from './keep-reason.ts';
import { applyLines, mergeLines, operationLines } from './next-steps.ts';
import { groupActions, type PlanGroups } from './plan-groups.ts';
import { releaseName, sourceName } from './release-name.ts';
import { warningLines } from './warnings.ts';

/**
 * Up to this many files that are kept although the release differs are listed; the rest is counted.
 */
const keptLimit = 40;
/** Changes are as expected, so a few lines suffice; `--verbose` shows all. */
const changeLimit = 12;

/** Everything that is shown about one identity of an install, most important first. */
export function identitySections(
  identity: IdentityOutcome,
  request: InstallWish,
  context: RenderContext,
): Line[][] {
  const { plan, operation, diffs } = identity;
  const { style, options, layout } = context;
  const groups = groupActions(plan.actions, plan.mode);
  const conflicts = conflictLines(groups.conflicts, identity, request, context);
  const warnings = warningLines(operation?.warnings ?? [], style);
  if (options.quiet) {
    return [conflicts, warnings, operation === null ? [] : [fixed(printable(operation.undo))]];
  }

  const planned = identity.outcome === 'planned';
  const changes = changeLines(groups.changes, planned);
  const somethingToDo = groups.changes.length > 0 || plan.catalog.length > 0;
  return [
    [
      headline(identity, groups, request, style),
      ...(somethingToDo ? facts(identity, groups, context) : []),
    ],
    [
      ...foldedFileLines(changes, changeLimit, { verbose: options.verbose, layout }),
      ...catalogLines(plan.catalog, identity),
    ],
    conflicts,
    keptSection(groups, identity, context),
    diffLines(diffs, style),
    warnings,
    mergeLines(groups, identity, request, context),
    planned && somethingToDo && request.stopAfter !== 'check'
      ? applyLines(identity, request, context)
      : [],
    ...(operation === null ? [] : operationLines(operation, request.backup, context)),
  ];
}

function facts(
  { plan, outcome }: IdentityOutcome,
  groups: PlanGroups,
  context: RenderContext,
): Line[] {
  const { verbose } = context.options;
  return factLines(
    [
      ['From', sourceName(plan.release), 'path'],
      ['Into', printable(plan.instance), 'path'],
      ['Files', changeSummary(groups.changes, outcome === 'planned')],
      ['Contracts', contractSummary(plan.findings, verbose)],
      ['Commit', verbose ? plan.release.commit : null, 'whole'],
      ['Tree', verbose ? plan.release.tree : null, 'whole'],
      ['Pack', verbose ? printable(plan.packPath) : null, 'path'],
    ],
    context,
  );
}

function keptSection(
  groups: PlanGroups,
  { plan }: IdentityOutcome,
  { style, options, layout }: RenderContext,
): Line[] {
  const release = releaseName(plan.release);
  const line = (action: KeepAction) => ({
    symbol: '=' as const,
    word: 'kept',
    path: action.path,
    size: sizeOf(action.local),
    note: keepReason(action, release),
  });
  const { different, yours, unchanged } = groups;
  const listed = options.verbose ? [...different, ...yours, ...unchanged] : different;
  const { verbose } = options;
  const lines = foldedFileLines(listed.map(line), keptLimit, { verbose, layout });
  const counted = [
    ...(yours.length > 0 ? [count(yours.length, 'file of your own', 'files of your own')] : []),
    ...(unchanged.length > 0 ? [`${unchanged.length} the same in ${release}`] : []),
  ];
  const untouched =
    options.verbose || counted.length === 0
      ? []
      : [`Also there, and not touched: ${counted.join(', ')}.`];
  if (lines.length === 0) return isQuietlyDone(groups) ? [] : untouched;
  const title = `Kept as ${listed.length === 1 ? 'it is' : 'they are'}, ${count(listed.length, 'file')}:`;
  return [style.strong(title), ...lines, ...untouched];
}

/** Nothing to do and nothing different: one line says everything. */
function isQuietlyDone({ changes, conflicts, different }: PlanGroups): boolean {
  return changes.length === 0 && conflicts.length === 0 && different.length === 0;
}

function catalogLines(catalog: readonly CatalogAction[], identity: IdentityOutcome): string[] {
  const planned = identity.outcome === 'planned';
  return catalog.map(({ kind }) => {
    if (kind === 'register') {
      return `  + ${planned ? 'register' : 'registered'} in catalog.local.yaml`;
    }
    return `  ~ ${planned ? 'mark' : 'marked'} active in catalog.local.yaml`;
  });
}
