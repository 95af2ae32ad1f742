import { Transform } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { InstallError } from '../../core/errors.ts';
import { printable, printableJson } from '../../core/printable.ts';
import type { ProtocolStreams } from '../../platform/protocol-streams.ts';
import { interruption } from './call.ts';
import { createMcpServer } from './create-mcp-server.ts';
import type { McpServices } from './services.ts';

interface ServeOptions {
  readonly streams: ProtocolStreams;
  /** Asks the server to stop; its reason is an `InstallError` E_INTERRUPTED. */
  readonly signal: AbortSignal;
  /** For people who watch: standard error. */
  readonly say: (line: string) => void;
}

/**
 * Serves one client until it closes our input, and then until what is under way is done; or until
 * it stops reading, or the signal fires: what is under way then is finished or undone.
 */
export async function serveMcp(
  services: McpServices,
  { streams, signal, say }: ServeOptions,
): Promise<void> {
  const mcp = createMcpServer(services);
  const output = new Transform({
    decodeStrings: false,
    transform: (chunk, _encoding, done) => done(null, printableJson(String(chunk))),
  });
  output.pipe(streams.output);
  const closed = new Promise<void>((resolve) => mcp.onClose(resolve));
  mcp.onError((error) => say(`A message was not understood: ${printable(firstLine(error))}`));

  const stop = (): void => mcp.interrupt(interruption(signal));
  const leave = (): void =>
    mcp.interrupt(new InstallError('E_INTERRUPTED', 'The client went away.'));
  const end = async (): Promise<void> => {
    // What was read last becomes a call in a moment.
    await turn();
    await mcp.idle();
    // Its answer is on its way.
    await turn();
    await mcp.close();
  };
  const ended = new Promise<void>((resolve) => {
    const once = (): void => void end().finally(resolve);
    streams.input.once('end', once);
    streams.onGone(() => {
      leave();
      once();
    });
    signal.addEventListener('abort', () => {
      stop();
      once();
    });
    void closed.then(resolve);
  });
  await mcp.connect(new StdioServerTransport(streams.input, output));
  await ended;
  leave();
  await mcp.idle();
}

function firstLine({ message }: Error): string {
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
