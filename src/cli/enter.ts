import { keepCompiledCode, thisProcess } from '../platform/process.ts';
import type { ProgramName } from './program.ts';
import { asksFor } from './typed.ts';
import { version } from './version.ts';

/**
 * Answers `--version` from this file alone, and loads the rest of the program for anything else.
 * Only these few modules may be imported here statically (docs/speed.md#starting).
 */
export async function enter(program: ProgramName): Promise<void> {
  if (asksFor(thisProcess.arguments, 'version', 'V')) {
    thisProcess.out(`${version}\n`);
    return;
  }
  keepCompiledCode();
  const { main } = await import('./main.ts');
  await main({
    program,
    process: thisProcess,
    loadLaunch: async () => (await import('../platform/launch.ts')).readLaunch(),
    loadCompose: async () => (await import('./compose.ts')).compose,
  });
}
