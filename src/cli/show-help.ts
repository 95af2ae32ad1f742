import { exitCodes, type ExitCode } from '../core/error-codes.ts';
import type { Process } from '../platform/process.ts';
import type { Row } from './command/row.ts';
import { laidOut } from './layout/laid-out.ts';

/**
 * Prints the help about a command or a program; without one, the overview of all. The parser of
 * command lines is not needed for it.
 */
export async function showHelp(
  row: Row | undefined,
  { process, rows }: { readonly process: Process; readonly rows: readonly Row[] },
): Promise<ExitCode> {
  const { helpAbout } = await import('./command/help-about.ts');
  process.out(
    await laidOut(process.screen('stdout'), (layout) => helpAbout(row, { layout, rows })),
  );
  return exitCodes.done;
}
