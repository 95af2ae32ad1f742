import { printable } from '../../core/printable.ts';
import type { VerifiedFiles } from '../../inspection/verify/compare.ts';
import type { VerifyRun } from '../../inspection/verify/verify.ts';
import { shellWords, valueWords } from '../options/shell-words.ts';
import { alignColumns } from './columns.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { fileLines, type Symbol } from './file-lines.ts';
import { count, fold } from './fold.ts';
import { expectedLine, headLine } from './ledger-head.ts';
import { releaseWithCommit } from './release-name.ts';
import { textOf } from './sections.ts';
import { findingLines, pendingLines } from './warnings.ts';

type Verified = VerifyRun['identities'][number];

/** Whether the files are what was installed, and whether our own records are in order. */
export function renderVerify(run: VerifyRun, context: RenderContext): string {
  const { style, options } = context;
  if (run.identities.length === 0) {
    const nothing = options.quiet ? [] : [`Nothing is installed in ${printable(run.home)}.`];
    return textOf([
      pendingLines(run.pending, style),
      nothing,
      registeredLines(run, context),
      ledgerLines(run, options),
    ]);
  }
  return textOf([
    pendingLines(run.pending, style),
    ...run.identities.map((identity) => sectionOf(identity, context)),
    registeredLines(run, context),
    ledgerLines(run, options),
    readOnlyLines(run, options),
  ]);
}

/** What a person may have meant to verify, and how to come to that. */
function registeredLines(
  { home, registered }: VerifyRun,
  { options, launcher }: RenderContext,
): string[] {
  if (options.quiet || registered.length === 0) return [];
  const inHome = shellWords(valueWords('home', home));
  const theirs = registered.filter(({ repository }) => repository !== null);
  const placed = registered.filter(({ repository }) => repository === null);
  return [
    'In the local catalog, and not installed here:',
    ...alignColumns(registered.map(({ id, pack }) => [`  ${id}`, printable(pack ?? '')])),
    'To check a pack:',
    ...registered.map(({ id }) => printable(`  ${launcher('identity')} validate ${id} ${inHome}`)),
    ...(placed.length > 0 ? ['To install:'] : []),
    ...placed.map(({ id }) => printable(`  ${launcher('identity-install')} ${id} ${inHome}`)),
    ...(theirs.length > 0
      ? [
          'What lies in a protocol repository is installed into another home, or once its entry is out of catalog.local.yaml.',
        ]
      : []),
  ];
}

function ledgerLines({ ledger }: VerifyRun, { quiet }: RenderContext['options']): string[] {
  if (quiet || ledger.expected === null) return [];
  return [...headLine(ledger.head, ledger.operations), ...expectedLine(ledger)];
}

function readOnlyLines({ readOnly }: VerifyRun, { quiet }: RenderContext['options']): string[] {
  if (quiet || !readOnly) return [];
  return ['The home cannot be written: it was read without its lock, and no report was published.'];
}

function sectionOf(identity: Verified, { style, options }: RenderContext): string[] {
  const { files, problems, report } = identity;
  const drifted = driftLines(files);
  const shown = problems.filter((problem) => options.verbose || problem.severity !== 'info');
  const found = findingLines(shown, style);
  if (options.quiet) return [...drifted, ...found];
  return [
    headline(identity, found.length, drifted.length, style),
    ...found.map((line) => `  ${line}`),
    ...fold(drifted, 40, options.verbose),
    ...(options.verbose ? lines('=', 'yours', files.localOnly) : []),
    ...factLines(
      [['Report', options.verbose && report !== null ? printable(report) : null]],
      style,
    ),
  ];
}

function headline(
  { id, release, files }: Verified,
  problems: number,
  drifted: number,
  style: RenderContext['style'],
): string {
  const name = `${printable(id)} ${releaseWithCommit(release)}`;
  if (problems > 0) {
    return style.bad(`${name}: ${count(problems, 'problem')} in the records of the installer.`);
  }
  const text = `${name}: ${filesInWords(files)}.`;
  return drifted === 0 ? style.good(text) : style.warning(text);
}

/** `all 8 files are as installed, 1 file of your own`. */
export function filesInWords(files: VerifiedFiles): string {
  const { intact, modified, missing, localOnly } = files;
  const yours = localOnly.length === 0 ? '' : `, ${count(localOnly.length, 'file')} of your own`;
  if (modified.length + missing.length === 0) {
    const all = intact === 1 ? 'the one file is' : `all ${intact} files are`;
    return `${all} as installed${yours}`;
  }
  const parts = [
    `${intact} as installed`,
    ...(modified.length > 0 ? [`${modified.length} changed since`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
  ];
  return `${parts.join(', ')}${yours}`;
}

/** One line for each file that is not as it was installed. */
export function driftLines(files: VerifiedFiles): string[] {
  return [...lines('~', 'changed', files.modified), ...lines('-', 'missing', files.missing)];
}

function lines(symbol: Symbol, word: string, paths: readonly string[]): string[] {
  return fileLines(paths.map((path) => ({ symbol, word, path })));
}
