import { serve } from '../server/json-rpc/serve.ts';
import type { Composition } from './composition.ts';
import { asInstallError } from '../core/failure.ts';
import type { Launcher } from './launcher.ts';
import type { DiscoveryWish } from './options/discovery-options.ts';
import { renderError } from './render/error-text.ts';
import { styleFor } from './render/style.ts';
import { version } from './version.ts';

/**
 * `identity serve`: answers until the client goes away or a signal comes. Standard output carries
 * the protocol and nothing else; defects are shown on standard error.
 */
export async function runServer(
  wish: DiscoveryWish,
  { discovery, serving, close }: Composition,
  { say, launcher }: { readonly say: (text: string) => void; readonly launcher: Launcher },
): Promise<void> {
  try {
    await serve({
      ...(await serving()),
      discovery: await discovery(wish),
      roots: wish.roots,
      version,
      onDefect: (error) => {
        const shown = asInstallError(error, 'identity');
        say(renderError(shown, { style: styleFor(false), verbose: true, launcher }));
      },
    });
  } finally {
    close();
  }
}
