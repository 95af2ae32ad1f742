import type { Layout } from '../layout/layout.ts';
import type { Row } from './row.ts';

/** The help of one command, or the overview of all. */
export async function helpAbout(
  row: Row | undefined,
  { layout, rows }: { readonly layout: Layout; readonly rows: readonly Row[] },
): Promise<string> {
  if (row === undefined) {
    const { renderOverview } = await import('../render/overview-text.ts');
    return renderOverview(rows, layout);
  }
  const { renderHelp } = await import('../render/help-text.ts');
  return renderHelp(await row.load(), layout);
}
