import { printable } from '../../core/printable.ts';
import type { IdentityChoice } from '../../operations/install/request.ts';
import type { Layout } from '../layout/layout.ts';
import { shortenEnd } from '../layout/shorten.ts';

/** What the prompt puts before a choice: `  12) `. */
const number = 6;
const leastTitle = 8;

/** One line for each identity that can be chosen. The id, which may be typed, is always whole. */
export function renderChoices(ids: readonly IdentityChoice[], layout: Layout): string {
  const { columns = Infinity, cells } = layout;
  return ids
    .map(({ id, title }) => {
      const room = columns - number - id.length - 2;
      return room < leastTitle ? id : `${id}  ${shortenEnd(printable(title), room, cells)}`;
    })
    .join('\n');
}
