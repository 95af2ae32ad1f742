import type { SelfTestRun } from '../../protocol/contracts/samples/self-test.ts';
import { hanging } from '../layout/lines.ts';
import { tableLines } from '../layout/table.ts';
import type { RenderContext } from './context.ts';
import { count } from './fold.ts';
import { textOf } from './sections.ts';

/** A row for each contract, and every sample that does not show what it should. */
export function renderSelfTest(
  { results }: SelfTestRun,
  { style, options, layout }: RenderContext,
): string {
  const contracts = [...new Set(results.map(({ contract }) => contract))];
  const rows = contracts.map((contract) => {
    const own = results.filter((result) => result.contract === contract);
    const failed = own.filter(({ problems }) => problems.length > 0).length;
    return [contract, `${own.length}`, failed === 0 ? 'ok' : `${failed} failed`];
  });
  const columns = [
    { title: 'contract' },
    { title: 'checks', align: 'right' as const },
    { title: 'result' },
  ];
  const table = tableLines({ columns, rows, paintTitles: (line) => line }, layout);
  const failures = results.flatMap(({ contract, sample, problems }) =>
    problems.map((problem) =>
      hanging(`${style.bad('failed:')} ${contract}, "${sample}": ${problem}`),
    ),
  );
  if (options.quiet) return textOf([failures], layout);
  const closing =
    failures.length === 0
      ? style.good(
          `${count(results.length, 'check')} of ${count(contracts.length, 'contract')}: every sample shows what it should.`,
        )
      : style.bad(`${count(failures.length, 'problem')} with the contracts themselves.`);
  return textOf([table, failures, [closing]], layout);
}
