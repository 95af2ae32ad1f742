import type { Screen } from '../../platform/terminal.ts';
import type { Layout } from './layout.ts';
import { renderInCells } from './render-in-cells.ts';

/** A text for one of the streams, laid out for its terminal. `render` must be pure. */
export async function laidOut(
  { columns }: Screen,
  render: (layout: Layout) => string | Promise<string>,
): Promise<string> {
  return renderInCells((cells) => render({ cells, ...(columns !== undefined && { columns }) }));
}
