import { setImmediate as turn } from 'node:timers/promises';
import { InstallError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { LineChannel } from '../../platform/line-channel.ts';
import { interruption } from './call.ts';
import { createMcpServer } from './create-mcp-server.ts';
import { createLineTransport } from './line-transport.ts';
import type { McpServices } from './services.ts';

interface ServeOptions {
  /** Its lines end when the signal fires. */
  readonly channel: LineChannel;
  /** Asks the server to stop; its reason is an `InstallError` E_INTERRUPTED. */
  readonly signal: AbortSignal;
  /** Standard error, for people who watch. */
  readonly say: (line: string) => void;
}

/**
 * Serves one client until it closes our input and all calls under way are done; or until it stops
 * reading, or the signal fires: calls under way then finish or undo their work.
 */
export async function serveMcp(
  services: McpServices,
  { channel, signal, say }: ServeOptions,
): Promise<void> {
  const mcp = createMcpServer(services);
  mcp.onError(({ message }) =>
    say(`A message was not understood: ${printable(message.slice(0, 200))}`),
  );
  const stop = (): void => mcp.interrupt(interruption(signal));
  const leave = (): void =>
    mcp.interrupt(new InstallError('E_INTERRUPTED', 'The client went away.'));
  signal.addEventListener('abort', stop, { once: true });
  channel.gone.addEventListener('abort', leave, { once: true });

  const transport = createLineTransport(channel);
  await mcp.connect(transport);
  await transport.receive();
  // The last message is about to become a call.
  await turn();
  await mcp.idle();
  // Its answer is about to be sent.
  await turn();
  await mcp.close();
}
