import { printable } from '../../core/printable.ts';
import type { HomeIdentity } from '../../inspection/verify/check-identities.ts';
import type { VerifyHomeRun } from '../../inspection/verify/verify-home.ts';
import type { RenderContext } from './context.ts';
import { hanging, type Line } from '../layout/lines.ts';
import { foldedFileLines } from './file-lines.ts';
import { count } from './fold.ts';
import { expectedLine, headLine } from './ledger-head.ts';
import { releaseWithCommit } from './release-name.ts';
import { textOf } from './sections.ts';
import { driftLines, filesInWords } from './verify-text.ts';
import { recoveryLines } from './warnings.ts';

/** One line for each identity and each problem, and at the end what can be trusted. */
export function renderVerifyHome(run: VerifyHomeRun, context: RenderContext): string {
  const { style, options, layout } = context;
  const problems = problemLines(run, context);
  if (options.quiet) return textOf([problems], layout);
  return textOf(
    [
      run.identities.flatMap((identity) => identityLines(identity, context)),
      problems,
      [...headLine(run.ledger.head, run.ledger.operations), ...expectedLine(run.ledger)],
      [...lookLines(run), ...closing(run, style)],
    ],
    layout,
  );
}

function identityLines({ id, release, files }: HomeIdentity, context: RenderContext): Line[] {
  const { style, options, layout } = context;
  const name = printable(id);
  if (release === null) return [style.bad(`${name}: there is no record that can be trusted.`)];
  const known = `${name} ${releaseWithCommit(release)}`;
  if (files === null) return [style.bad(`${known}: its files could not be compared.`)];
  const drifted = driftLines(files);
  const line = `${known}: ${filesInWords(files)}.`;
  return [
    drifted.length === 0 ? style.good(line) : style.warning(line),
    ...foldedFileLines(drifted, 40, { verbose: options.verbose, layout }),
  ];
}

function problemLines(
  { problems, home }: VerifyHomeRun,
  { style, launcher }: RenderContext,
): Line[] {
  const lines: Line[] = problems.map(({ code, severity, path, message, consequence }) => {
    const label = severity === 'error' ? style.bad('problem:') : style.warning('warning:');
    return hanging(`${label} ${printable(path)}: ${printable(message)} ${consequence} [${code}]`);
  });
  const isPending = problems.some(({ code }) => code === 'JOURNAL_PENDING');
  return isPending ? [...lines, ...recoveryLines(home, launcher)] : lines;
}

function lookLines({ reason }: VerifyHomeRun): string[] {
  if (reason === null) return [];
  return reason === 'E_HOME_READ_ONLY'
    ? ['The home cannot be written; it was read without its lock.']
    : [`No command works on this home (${reason}); it was read without its lock.`];
}

function closing(run: VerifyHomeRun, style: RenderContext['style']): string[] {
  const { problems, checked, identities } = run;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) {
    const all = [
      count(identities.length, 'identity', 'identities'),
      count(checked.operations, 'operation'),
      count(checked.snapshots, 'snapshot'),
      count(checked.bases, 'base'),
    ];
    return [style.good(`Everything recorded passes verification: ${all.join(', ')}.`)];
  }
  return [style.bad(`${count(errors, 'problem')}. ${trustInWords(run)}`)];
}

function trustInWords({ trust, checked, problems }: VerifyHomeRun): string {
  if (trust === null) {
    return 'Only a newer version can determine which operations can be trusted and undone.';
  }
  const { operations, until, notUndoable } = trust;
  const trusted =
    until === null
      ? 'No recorded operation can be trusted'
      : operations === checked.operations
        ? 'All recorded operations can be trusted'
        : `Operations until ${until.slice(0, 19).replace('T', ' ')} UTC can be trusted (${operations} of ${checked.operations})`;
  const undo =
    notUndoable.length === 0
      ? undoable(problems)
      : `these cannot be undone until it is repaired: ${notUndoable.map(printable).join(', ')}.`;
  return `${trusted}; ${undo}`;
}

/** An operation that the ledger lost cannot be undone, whether it is in effect or not. */
function undoable(problems: VerifyHomeRun['problems']): string {
  const lost = problems.filter(({ code }) => code === 'EVIDENCE_ORPHANED').length;
  return lost === 0
    ? 'everything that is in effect can be undone.'
    : `${count(lost, 'operation')} with evidence but without a line in the ledger cannot be undone.`;
}
