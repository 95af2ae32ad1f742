import type { OperationContext } from '../operations/context.ts';
import type { IdentityChoice } from '../operations/install/request.ts';
import { InstallError } from '../core/errors.ts';
import { redact } from '../core/redact.ts';
import { resolveHome } from '../instance/home.ts';
import { homeLayout } from '../instance/layout.ts';
import type { Environment } from '../platform/environment.ts';
import { createDiskFileSystem } from '../platform/disk/disk.ts';
import type { FileSystem } from '../platform/file-system.ts';
import type { Git } from '../platform/git.ts';
import { createGit } from '../platform/git/adapter.ts';
import { createGzipTarArchive } from '../platform/archive/gzip-tar.ts';
import { createKernelLocks } from '../platform/kernel-lock.ts';
import { describeHolder } from '../platform/lock.ts';
import { createPacer } from '../platform/pace.ts';
import { readEnvironment } from '../platform/process-environment.ts';
import { readOnly } from '../platform/files/read-only.ts';
import { silentProgress } from '../platform/progress.ts';
import { createPrompt } from '../platform/prompt.ts';
import { createSpinnerProgress } from '../platform/spinner.ts';
import { createSystemClock, createSystemRandomness } from '../platform/system-clock.ts';
import { createProcessTerminal, type Terminal } from '../platform/terminal.ts';
import { systemTimer } from '../platform/timer.ts';
import type { Compose, Composition, CompositionInput } from './composition.ts';
import { laidOut } from './layout/laid-out.ts';
import type { GlobalOptions } from './options/global-options.ts';
import { shellWords } from './options/shell-words.ts';

/** The parts of this process that a composition uses. */
export interface Surroundings {
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** Default: the disk. */
  readonly fs?: FileSystem;
  /** Default: the git of the environment. */
  readonly git?: Git;
}

/** The only place where adapters meet use cases (docs/architecture.md#rooms-and-floors). */
export const compose: Compose = (options, input) =>
  composeIn({ environment: readEnvironment(), terminal: createProcessTerminal() }, options, input);

/** The same for a caller that runs a command line in a process of somebody else. */
export function composeIn(
  surroundings: Surroundings,
  options: GlobalOptions,
  input: CompositionInput,
): Composition {
  const {
    environment,
    fs = createDiskFileSystem(),
    git = createGit(environment),
    terminal: given,
  } = surroundings;
  const terminal = { ...given, colour: given.colour && options.color };
  const shows = !options.quiet && !options.json;
  const spinner = createSpinnerProgress({ terminal });
  const prompt = createPrompt({ terminal });
  const say = (line: string): void => {
    spinner.clear();
    terminal.err(`${line}\n`);
  };
  const clock = createSystemClock();
  const randomness = createSystemRandomness();
  const progress = shows ? spinner : silentProgress;
  let opened: OperationContext | undefined;
  const openHome = (): OperationContext =>
    (opened ??= createContext(options, input, {
      environment,
      fs,
      git,
      clock,
      randomness,
      progress,
      say,
    }));
  const asks = terminal.inIsTerminal && terminal.errIsTerminal;
  return {
    openHome,
    adapters: { fs, clock, environment, randomness },
    looking: {
      fs: readOnly(fs),
      clock,
      environment,
      openHome: () => ({ ...openHome(), fs: readOnly(fs) }),
    },
    place: () => opened?.layout.home ?? environment.workingDirectory,
    discovery: async ({ parents }) => {
      const { createDiscoveryContext } = await import('../protocol/discovery/list-identities.ts');
      return createDiscoveryContext({
        fs: readOnly(fs),
        clock,
        workingDirectory: environment.workingDirectory,
        parentRoots: parents,
        furtherRoots: [openHome().layout.home],
        uid: environment.uid,
      });
    },
    serving: async () => {
      const { createStandardChannel } = await import('../platform/line-channel.ts');
      const { createWatcher } = await import('../platform/watcher.ts');
      const { signal } = input;
      const channel = createStandardChannel(signal);
      return { channel, signal, watcher: createWatcher(), timer: systemTimer };
    },
    ...(asks && {
      ask: async (question, problemWith) => {
        spinner.stop();
        return await prompt.ask(question, problemWith);
      },
      choose: async (ids: readonly IdentityChoice[]) => {
        spinner.stop();
        const { renderChoices } = await import('./render/choices-text.ts');
        const lines = await laidOut(terminal, (layout) => renderChoices(ids, layout));
        const index = await prompt.choose('Which identity?', lines.split('\n'));
        return index === undefined ? undefined : ids[index]?.id;
      },
    }),
    say,
    close: () => spinner.stop(),
  };
}

function createContext(
  options: GlobalOptions,
  input: CompositionInput,
  adapters: Pick<
    OperationContext,
    'environment' | 'fs' | 'git' | 'clock' | 'randomness' | 'progress'
  > & {
    readonly say: (line: string) => void;
  },
): OperationContext {
  const { program, argv, version, launcher, signal } = input;
  const { environment, fs, git, clock, randomness, progress, say } = adapters;
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
    randomness,
    git,
    releasesDirectory: layout.stateDirectory,
    signal,
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

/**
 * Without `--wait` a run does not wait for the home, and waits for a fetch as long as by default.
 */
function waitingFor(
  { wait, quiet }: GlobalOptions,
  say: (line: string) => void,
): Pick<OperationContext, 'lockWaitMs' | 'onLockBusy'> {
  if (wait === undefined) return {};
  return {
    lockWaitMs: wait * 1000,
    ...(!quiet && {
      onLockBusy: (holder) => say(`Waiting up to ${wait} s for ${describeHolder(holder)}.`),
    }),
  };
}
