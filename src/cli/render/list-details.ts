import { printable } from '../../core/printable.ts';
import type { DiscoveredIdentity } from '../../protocol/discovery/list-identities.ts';
import type { RenderContext } from './context.ts';
import { factLines } from './facts.ts';
import { textOf } from './sections.ts';

/** The details that the table of a list leaves out: where each pack is, and its description. */
export function renderListDetails(
  identities: readonly DiscoveredIdentity[],
  context: RenderContext,
): string {
  const shown = (text: string): string | null => (text === '' ? null : printable(text));
  return textOf(
    identities.map(({ id, directory, description, tags, policy }) => [
      context.style.strong(printable(id)),
      ...factLines(
        [
          ['Pack', printable(directory), 'path'],
          ['Description', shown(description)],
          ['Tags', shown(tags.join(', '))],
          ['Implicit', policy.allowImplicitActivation ? 'allowed' : 'not allowed'],
        ],
        context,
      ),
    ]),
    context.layout,
  );
}
