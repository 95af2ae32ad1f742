import { printable } from '../../core/printable.ts';
import type { Plan } from '../../planning/plan.ts';
import type { CompletedOperation } from '../../engine/completed-operation.ts';
import type { IdentityOutcome } from '../../operations/install/outcome.ts';
import type { InstallWish } from '../../operations/install/request.ts';
import { installCommandLine } from '../commands/install/command-line.ts';
import { fixed, labelled, type Line } from '../layout/lines.ts';
import type { RenderContext } from './context.ts';
import { factLines, type Fact } from './facts.ts';
import { count } from './fold.ts';
import type { PlanGroups } from './plan-groups.ts';
import { releaseName } from './release-name.ts';

/**
 * The command line for this identity alone, with the options of the run and the given changes. It
 * names home, source and release as the run found them, because relative paths, a pin in the
 * working directory and the newest release may differ where and when the line is pasted.
 */
export function commandFor(
  identity: IdentityOutcome,
  request: InstallWish,
  { options, launcher }: RenderContext,
): string {
  const { home } = identity.plan;
  return printable(
    `${launcher('identity-install')} ${installCommandLine(
      { ...request, ...nailedDown(request, identity.plan), ids: [identity.id], all: false },
      { home, color: options.color, json: false, quiet: false, verbose: false },
    )}`,
  );
}

/**
 * The release of a plan as options; `--frozen` would search for its pin where the line is pasted.
 */
function nailedDown(request: InstallWish, { release, installed }: Plan): Partial<InstallWish> {
  const from = release.url;
  // Without a tag it is the typed or recorded commit, or the content of a directory.
  if (release.tag === null) return { from };
  const stepsBack = request.frozen && installed !== null && installed.commit !== release.commit;
  return {
    from,
    release: release.tag,
    frozen: false,
    allowDowngrade: request.allowDowngrade || stepsBack,
  };
}

/** How to update the unchanged files that a preserve run kept; empty if there are none. */
export function mergeLines(
  groups: PlanGroups,
  identity: IdentityOutcome,
  request: InstallWish,
  context: RenderContext,
): Line[] {
  const newer = groups.different.filter((action) => action.reason === 'upgrade-available').length;
  if (newer === 0 || identity.plan.mode !== 'preserve') return [];
  return [
    `To take ${releaseName(identity.plan.release)}'s version of the ${count(newer, 'file')} that you did not change:`,
    fixed(`  ${commandFor(identity, { ...acting(request), mode: 'merge' }, context)}`),
  ];
}

/** How to do what a plan shows, and nothing else. */
export function applyLines(
  identity: IdentityOutcome,
  request: InstallWish,
  context: RenderContext,
): Line[] {
  const { digest } = identity.plan;
  return [
    labelled('Plan digest', digest),
    'To apply exactly this:',
    fixed(`  ${commandFor(identity, { ...acting(request), planDigest: digest }, context)}`),
  ];
}

/** The request without the options that make it stop at the plan, or tie it to another plan. */
export function acting(request: InstallWish): InstallWish {
  const stops: ReadonlySet<string> = new Set([
    'stopAfter',
    'planDigest',
  ] satisfies (keyof InstallWish)[]);
  const rest = Object.entries(request).filter(([name]) => !stops.has(name));
  return { ...(Object.fromEntries(rest) as unknown as InstallWish), diff: false };
}

/**
 * Where the evidence of an operation is, and finally the command that undoes it, on a separate line
 * so that it can be copied.
 *
 * @param wholeBackup the snapshot holds the whole instance, not only what the operation touched
 */
export function operationLines(
  operation: CompletedOperation,
  wholeBackup: boolean,
  context: RenderContext,
): Line[][] {
  const { snapshot, displaced, evidence, reports, ref, undo } = operation;
  const { verbose } = context.options;
  const traces = factLines(
    [
      ...reportFacts(reports, verbose),
      [
        wholeBackup ? 'Backup' : 'Snapshot',
        snapshot === null ? null : printable(snapshot.path),
        'whole',
      ],
      ['SHA-256', verbose ? (snapshot?.sha256 ?? null) : null, 'whole'],
      // A program that still has one of these open continues to write there, so they are always
      // shown.
      ['Old files', displaced === null ? null : printable(displaced), 'whole'],
      ['Evidence', verbose ? printable(evidence) : null, 'whole'],
      ['Reference', verbose ? printable(ref) : null, 'whole'],
    ],
    context,
  );
  return [traces, undoLines(undo, context)];
}

/** The command that undoes an operation. */
export function undoLines(undo: string, { style }: RenderContext): Line[] {
  return ['To undo this:', fixed(`  ${style.strong(printable(undo))}`)];
}

/** Reports are for the protocol's checkers; people only learn that they exist, and where. */
function reportFacts(reports: readonly string[], verbose: boolean): Fact[] {
  if (verbose) return reports.map((path) => ['Report', printable(path), 'whole']);
  const places = new Set(reports.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  const shown = [...places].map(printable).join(' and ');
  return [['Reports', reports.length === 0 ? null : `${reports.length} in ${shown}`]];
}
