import { serve } from '../server/json-rpc/serve.ts';
import type { Composition } from './composition.ts';
import { asInstallError } from '../core/failure.ts';
import { latinCells } from './layout/cells.ts';
import type { DiscoveryWish } from './options/discovery-options.ts';
import { renderError } from './render/error-text.ts';
import { styleFor } from './render/style.ts';
import { version } from './version.ts';

/** What a client keeps of standard error is a log. */
const asItIs = { cells: latinCells };

/**
 * `identity serve`: answers until the client goes away or a signal comes. Standard output carries
 * the protocol and nothing else; defects are shown on standard error.
 */
export async function runServer(
  wish: DiscoveryWish,
  { discovery, serving, close }: Composition,
  say: (text: string) => void,
): Promise<void> {
  try {
    await serve({
      ...(await serving()),
      discovery: await discovery(wish),
      roots: wish.roots,
      version,
      onDefect: (error) => {
        const shown = asInstallError(error, 'identity');
        say(renderError(shown, { style: styleFor(false), verbose: true, layout: asItIs }));
      },
    });
  } finally {
    close();
  }
}
