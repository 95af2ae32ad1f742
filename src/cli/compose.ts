import { createUseCases } from '../install/create-use-cases.ts';
import type { InstallContext } from '../install/context.ts';
import type { IdentityChoice } from '../install/use-cases.ts';
import { InstallError } from '../core/errors.ts';
import { redact } from '../core/redact.ts';
import { resolveHome } from '../instance/home.ts';
import { homeLayout } from '../instance/layout.ts';
import { createDiskFileSystem } from '../platform/disk.ts';
import { createGit } from '../platform/git-adapter.ts';
import { createGzipTarArchive } from '../platform/gzip-tar.ts';
import { createKernelLocks } from '../platform/kernel-lock.ts';
import { describeHolder } from '../platform/lock.ts';
import { createPacer } from '../platform/pace.ts';
import { readEnvironment } from '../platform/process-environment.ts';
import { readOnly } from '../platform/read-only.ts';
import { silentProgress } from '../platform/progress.ts';
import { createPrompt } from '../platform/prompt.ts';
import { createSpinnerProgress } from '../platform/spinner.ts';
import { createSystemClock, createSystemRandomness } from '../platform/system-clock.ts';
import { createProcessTerminal } from '../platform/terminal.ts';
import { systemTimer } from '../platform/timer.ts';
import type { Compose, CompositionInput } from './composition.ts';
import type { GlobalOptions } from './options/global-options.ts';
import { shellWords } from './options/shell-words.ts';

/** The only place where adapters meet use cases (DESIGN.md §2). */
export const compose: Compose = (options, input) => {
  const terminal = createProcessTerminal();
  const shows = !options.quiet && !options.json;
  const spinner = createSpinnerProgress({ terminal });
  const prompt = createPrompt({ terminal });
  const say = (line: string): void => {
    spinner.clear();
    terminal.err(`${line}\n`);
  };
  const context = createContext(options, input, shows ? spinner : silentProgress, say);
  const asks = terminal.inIsTerminal && terminal.errIsTerminal;
  return {
    useCases: createUseCases(context),
    discovery: async ({ parents }) => {
      const { createDiscoveryContext } = await import('../protocol/discovery/list-identities.ts');
      return createDiscoveryContext({
        fs: readOnly(context.fs),
        clock: context.clock,
        workingDirectory: context.environment.workingDirectory,
        parentRoots: parents,
        furtherRoots: [context.layout.home],
        uid: context.environment.uid,
      });
    },
    serving: async () => {
      const { createStandardChannel } = await import('../platform/line-channel.ts');
      const { createWatcher } = await import('../platform/watcher.ts');
      const channel = createStandardChannel(input.signal);
      return { channel, watcher: createWatcher(), timer: systemTimer };
    },
    colour: terminal.colour && options.color,
    ...(asks && {
      choose: async (ids: readonly IdentityChoice[]) => {
        spinner.stop();
        const lines = ids.map(({ id, title }) => `${id}  ${title}`);
        const index = await prompt.choose('Which identity?', lines);
        return index === undefined ? undefined : ids[index]?.id;
      },
    }),
    close: () => spinner.stop(),
  };
};

function createContext(
  options: GlobalOptions,
  input: CompositionInput,
  progress: InstallContext['progress'],
  say: (line: string) => void,
): InstallContext {
  const { program, argv, version, launcher, signal } = input;
  const environment = readEnvironment();
  const fs = createDiskFileSystem();
  const clock = createSystemClock();
  const archive = createGzipTarArchive();
  const locks = createKernelLocks();
  const home = resolveHome({
    fs,
    environment,
    ...(options.home !== undefined && { home: options.home }),
    ...(options.scope !== undefined && { scope: options.scope }),
  });
  const layout = homeLayout(home.path);
  const pacer = createPacer({ clock });
  const waiting = waitingFor(options, say);
  return {
    ...waiting,
    fs,
    archive,
    clock,
    progress,
    layout,
    locks,
    environment,
    randomness: createSystemRandomness(),
    release: {
      git: createGit(environment),
      fs,
      locks,
      archive,
      clock,
      environment,
      progress,
      signal,
      stateDirectory: layout.stateDirectory,
      ...waiting,
    },
    breathe: () => pacer.breathe(),
    throwIfInterrupted: () => {
      if (!signal.aborted) return;
      throw signal.reason instanceof InstallError
        ? signal.reason
        : new InstallError('E_INTERRUPTED', 'The run was interrupted.');
    },
    scope: home.scope,
    tool: { name: 'identity-install', version },
    command: redact(shellWords([program, ...argv])),
    undoCommand: (ref) =>
      `${launcher('identity-rollback')} ${shellWords([ref, '--home', home.path])}`,
  };
}

/** Without `--wait` the home is not waited for at all, and a fetch as long as it ever was. */
function waitingFor(
  { wait, quiet }: GlobalOptions,
  say: (line: string) => void,
): Pick<InstallContext, 'lockWaitMs' | 'onLockBusy'> {
  if (wait === undefined) return {};
  return {
    lockWaitMs: wait * 1000,
    ...(!quiet && {
      onLockBusy: (holder) => say(`Waiting up to ${wait} s for ${describeHolder(holder)}.`),
    }),
  };
}
