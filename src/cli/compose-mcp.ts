import type { OperationContext } from '../operations/context.ts';
import { createStandardChannel } from '../platform/line-channel.ts';
import { readOnly } from '../platform/files/read-only.ts';
import { systemTimer } from '../platform/timer.ts';
import { createWatcher } from '../platform/watcher.ts';
import { createDiscoveryContext } from '../protocol/discovery/list-identities.ts';
import { serveMcp } from '../server/mcp/serve-mcp.ts';

export interface McpOptions {
  readonly allowWrite: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Serves the Model Context Protocol on standard input and output until the client has disconnected.
 * Separate from `compose.ts`, which loads it only for this: the SDK takes longer to load than all
 * the rest.
 */
export async function serveHome(
  context: OperationContext,
  { allowWrite, signal, say }: McpOptions,
): Promise<void> {
  const { fs, clock, environment, layout, tool } = context;
  const { workingDirectory, uid } = environment;
  const discovery = createDiscoveryContext({
    fs: readOnly(fs),
    clock,
    workingDirectory,
    parentRoots: false,
    furtherRoots: [layout.home],
    uid,
  });
  const changes = { watcher: createWatcher(), timer: systemTimer };
  const services = { context, discovery, ...changes, allowWrite, version: tool.version };
  await serveMcp(services, { channel: createStandardChannel(signal), signal, say });
}
