import type { InstallRun } from '../../operations/install/outcome.ts';
import type { InstallWish } from '../../operations/install/request.ts';
import type { RenderContext } from './context.ts';
import { fold } from './fold.ts';
import { identitySections } from './identity-sections.ts';
import { textOf } from './sections.ts';
import { findingLines, recoveredLines } from './warnings.ts';

/** What an install did, or would do, for a person. */
export function renderInstall(
  run: InstallRun,
  request: InstallWish,
  context: RenderContext,
): string {
  const { style, options, layout } = context;
  const findings = fold(shownFindings(run, options.verbose), 12, options.verbose);
  return textOf(
    [
      recoveredLines(run.recovered, style),
      [...findingLines(findings.shown, style), ...findings.more],
      ...run.identities.flatMap((identity) => identitySections(identity, request, context)),
    ],
    layout,
  );
}

/**
 * Each finding once, whether the run, a plan or both report it. Notes only on request; the findings
 * of the contracts as well, since they are counted with their identity.
 */
function shownFindings(run: InstallRun, verbose: boolean): InstallRun['findings'] {
  const all = [...run.findings, ...run.identities.flatMap((identity) => identity.plan.findings)];
  const distinct = new Map(all.map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()].filter(
    ({ severity, contract }) => verbose || (severity !== 'info' && contract === undefined),
  );
}
