import { printable } from '../../core/printable.ts';
import type { VerifyRun } from '../../install/use-cases.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { fileLines, type Symbol } from './file-lines.ts';
import { count, fold } from './fold.ts';
import { releaseWithCommit } from './release-name.ts';
import { textOf } from './sections.ts';
import { findingLines, recoveredLines } from './warnings.ts';

type Verified = VerifyRun['identities'][number];

/** Whether the files are what was installed, and whether our own records are in order. */
export function renderVerify(run: VerifyRun, context: RenderContext): string {
  const { style, options } = context;
  if (run.identities.length === 0) {
    const nothing = options.quiet ? [] : [`Nothing is installed in ${printable(run.home)}.`];
    return textOf([recoveredLines(run.recovered, style), nothing]);
  }
  return textOf([
    recoveredLines(run.recovered, style),
    ...run.identities.map((identity) => sectionOf(identity, context)),
  ]);
}

function sectionOf(identity: Verified, { style, options }: RenderContext): string[] {
  const { files, problems, report } = identity;
  const drifted = [
    ...lines('~', 'changed', files.modified),
    ...lines('-', 'missing', files.missing),
  ];
  const shown = problems.filter((problem) => options.verbose || problem.severity !== 'info');
  const found = findingLines(shown, style);
  if (options.quiet) return [...drifted, ...found];
  return [
    headline(identity, found.length, drifted.length, style),
    ...found.map((line) => `  ${line}`),
    ...fold(drifted, 40, options.verbose),
    ...(options.verbose ? lines('=', 'yours', files.localOnly) : []),
    ...factLines([['Report', options.verbose ? printable(report) : null]], style),
  ];
}

function headline(
  { id, release, files }: Verified,
  problems: number,
  drifted: number,
  style: RenderContext['style'],
): string {
  const name = `${printable(id)} ${releaseWithCommit(release)}`;
  const yours =
    files.localOnly.length === 0 ? '' : `, ${count(files.localOnly.length, 'file')} of your own`;
  if (problems > 0) {
    return style.bad(`${name}: ${count(problems, 'problem')} in the records of the installer.`);
  }
  if (drifted === 0) {
    const all = files.intact === 1 ? 'the one file is' : `all ${files.intact} files are`;
    return style.good(`${name}: ${all} as installed${yours}.`);
  }
  const parts = [
    `${files.intact} as installed`,
    ...(files.modified.length > 0 ? [`${files.modified.length} changed since`] : []),
    ...(files.missing.length > 0 ? [`${files.missing.length} missing`] : []),
  ];
  return style.warning(`${name}: ${parts.join(', ')}${yours}.`);
}

function lines(symbol: Symbol, word: string, paths: readonly string[]): string[] {
  return fileLines(paths.map((path) => ({ symbol, word, path })));
}
