import { printable } from '../../core/printable.ts';
import type { ContractId } from '../../protocol/contracts/contract.ts';
import type { ContractFinding } from '../../protocol/contracts/validate.ts';
import type { ValidateRun } from '../../inspection/validate/validate.ts';
import type { RenderContext } from './context.ts';
import type { Line } from '../layout/lines.ts';
import { count } from './fold.ts';
import { textOf } from './sections.ts';
import { findingLines } from './warnings.ts';

/** Findings by identity and contract, and at the end how many there are. */
export function renderValidate(run: ValidateRun, context: RenderContext): string {
  const { style, options, layout } = context;
  const sections = [
    byContract(run.findings, '', context),
    ...run.identities.map((identity) => packLines(identity, context)),
  ];
  if (options.quiet) return textOf(sections, layout);
  const words = countsInWords(run);
  const { error, warn } = run.counts;
  const paint = error > 0 ? style.bad : warn > 0 ? style.warning : style.good;
  return textOf([...sections, [paint(words)]], layout);
}

function packLines(
  { id, pack, findings }: ValidateRun['identities'][number],
  context: RenderContext,
): Line[] {
  const { style, options } = context;
  const name = style.strong(printable(id));
  if (pack === null) return [`${name} has no pack that could be checked.`];
  if (findings.length > 0)
    return [`${name} ${style.faint(printable(pack))}`, ...byContract(findings, '  ', context)];
  return options.verbose
    ? [`${name} ${style.faint(printable(pack))}: ${style.good('valid.')}`]
    : [];
}

function byContract(
  findings: readonly ContractFinding[],
  indent: string,
  { style }: RenderContext,
): Line[] {
  const groups = new Map<ContractId, ContractFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.contract);
    if (group === undefined) groups.set(finding.contract, [finding]);
    else group.push(finding);
  }
  return [...groups].flatMap(([contract, group]) => [
    `${indent}${contract}`,
    ...findingLines(group, style, `${indent}  `),
  ]);
}

/** `3 packs keep all 17 contracts.` or how many of them have findings. */
export function countsInWords({ identities, contracts, counts }: ValidateRun): string {
  const [only] = contracts;
  const asked =
    contracts.length === 1 && only !== undefined
      ? `the contract ${only.id}`
      : `all ${contracts.length} contracts`;
  const packs = count(identities.length, 'pack');
  if (counts.error + counts.warn + counts.info === 0) {
    return `${packs} ${identities.length === 1 ? 'keeps' : 'keep'} ${asked}.`;
  }
  const parts = [
    ...(counts.error > 0 ? [count(counts.error, 'problem')] : []),
    ...(counts.warn > 0 ? [count(counts.warn, 'warning')] : []),
    ...(counts.info > 0 ? [count(counts.info, 'note')] : []),
  ];
  return `${parts.join(', ')} in ${packs}, checked against ${asked}.`;
}
