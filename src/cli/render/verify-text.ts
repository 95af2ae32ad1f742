import { printable } from '../../core/printable.ts';
import type { VerifiedFiles } from '../../inspection/verify/compare.ts';
import type { VerifyRun } from '../../inspection/verify/verify.ts';
import { shellWords, valueWords } from '../options/shell-words.ts';
import { fixed, type Line } from '../layout/lines.ts';
import { tableLines } from '../layout/table.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { fileLines, foldedFileLines, type FileLine, type Symbol } from './file-lines.ts';
import { count } from './fold.ts';
import { expectedLine, headLine } from './ledger-head.ts';
import { releaseWithCommit } from './release-name.ts';
import { textOf } from './sections.ts';
import { findingLines, pendingLines } from './warnings.ts';

type Verified = VerifyRun['identities'][number];

/** Whether the files are what was installed, and whether our own records are in order. */
export function renderVerify(run: VerifyRun, context: RenderContext): string {
  const { options, layout } = context;
  if (run.identities.length === 0) {
    const nothing = options.quiet ? [] : [`Nothing is installed in ${printable(run.home)}.`];
    return textOf(
      [
        pendingLines(run, context),
        nothing,
        registeredLines(run, context),
        ledgerLines(run, options),
      ],
      layout,
    );
  }
  return textOf(
    [
      pendingLines(run, context),
      ...run.identities.map((identity) => sectionOf(identity, context)),
      registeredLines(run, context),
      ledgerLines(run, options),
      readOnlyLines(run, options),
    ],
    layout,
  );
}

/** What the user may have wanted to verify, and how to do that. */
function registeredLines(
  { home, registered }: VerifyRun,
  { options, launcher, layout }: RenderContext,
): Line[] {
  if (options.quiet || registered.length === 0) return [];
  const inHome = shellWords(valueWords('home', home));
  const theirs = registered.filter(({ repository }) => repository !== null);
  const placed = registered.filter(({ repository }) => repository === null);
  return [
    'In the local catalog, but not installed here:',
    ...tableLines(
      {
        columns: [{}, { fit: 'middle' }],
        rows: registered.map(({ id, pack }) => [`  ${id}`, printable(pack ?? '')]),
      },
      layout,
    ),
    'To check a pack:',
    ...registered.map(({ id }) => command(`${launcher('identity')} validate ${id} ${inHome}`)),
    ...(placed.length > 0 ? ['To install:'] : []),
    ...placed.map(({ id }) => command(`${launcher('identity-install')} ${id} ${inHome}`)),
    ...(theirs.length > 0
      ? [
          'A pack of a protocol repository can be installed into another home, or after its entry was removed from catalog.local.yaml.',
        ]
      : []),
  ];
}

function command(line: string): Line {
  return fixed(`  ${printable(line)}`);
}

function ledgerLines({ ledger }: VerifyRun, { quiet }: RenderContext['options']): Line[] {
  if (quiet || ledger.expected === null) return [];
  return [...headLine(ledger.head, ledger.operations), ...expectedLine(ledger)];
}

function readOnlyLines({ readOnly }: VerifyRun, { quiet }: RenderContext['options']): string[] {
  if (quiet || !readOnly) return [];
  return ['The home cannot be written; it was read without its lock.'];
}

function sectionOf(identity: Verified, context: RenderContext): Line[] {
  const { style, options, layout } = context;
  const { files, problems, report } = identity;
  const drifted = driftLines(files);
  const shown = problems.filter((problem) => options.verbose || problem.severity !== 'info');
  if (options.quiet) return [...fileLines(drifted, layout), ...findingLines(shown, style)];
  return [
    headline(identity, shown.length, drifted.length, style),
    ...findingLines(shown, style, '  '),
    ...foldedFileLines(drifted, 40, { verbose: options.verbose, layout }),
    ...(options.verbose ? fileLines(lines('=', 'yours', files.localOnly), layout) : []),
    ...factLines(
      [['Report', options.verbose && report !== null ? printable(report) : null, 'whole']],
      context,
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

/** Each file that is not as it was installed. */
export function driftLines(files: VerifiedFiles): FileLine[] {
  return [...lines('~', 'changed', files.modified), ...lines('-', 'missing', files.missing)];
}

function lines(symbol: Symbol, word: string, paths: readonly string[]): FileLine[] {
  return paths.map((path) => ({ symbol, word, path }));
}
