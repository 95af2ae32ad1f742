/** The errors for everything that goes wrong with git, created here and nowhere else. */
import { InstallError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { redact } from '../../core/redact.ts';
import { steps } from '../../core/remedy.ts';
import type { GitRemote } from '../git.ts';
import {
  announcedTooMuch,
  failureKind,
  notAProtocolServer,
  type GitFailureReason,
} from './failure-kinds.ts';

/**
 * @param where the remote's address or the store, for the message
 * @param stderr what git wrote
 * @param reach the reach of the remote: a network cannot have damaged what lies on this machine
 */
export function gitFailure(
  where: string,
  outcome: { readonly stderr: string; readonly exitCode: number | null },
  reach?: GitRemote['reach'],
): InstallError {
  const kind = failureKind(outcome.stderr, reach);
  const said = lastWords(outcome.stderr);
  return new InstallError(kind.code, `${kind.message}: ${printable(where)}${said}`, {
    remedy: kind.remedy,
    details: {
      reason: kind.reason,
      where,
      exitCode: outcome.exitCode,
      git: outcome.stderr.split('\n').map(printable).slice(-20),
    },
  });
}

/** The store is ours: if git fails there, the disk is faulty or this program has a defect. */
export function storeFailure(store: string, stderr: string, cause?: unknown): InstallError {
  if (/No space left on device|Disk quota exceeded/.test(stderr)) {
    return gitFailure(store, { stderr, exitCode: null });
  }
  return new InstallError(
    'E_IO',
    `git cannot use the release store: ${store}${lastWords(stderr)}`,
    {
      remedy:
        'Check the disk. The store holds only what can be fetched again, and may be moved aside.',
      details: { reason: 'other' satisfies GitFailureReason, where: store },
      cause,
    },
  );
}

export function missingGit(cause: unknown): InstallError {
  return new InstallError('E_GIT_MISSING', 'git was not found on the search path.', {
    remedy: 'Install git 2.34 or newer and make sure that it runs from the search path.',
    details: { reason: 'missing-git' satisfies GitFailureReason },
    cause,
  });
}

export function interrupted(): InstallError {
  return new InstallError('E_INTERRUPTED', 'The run was interrupted while git was at work.', {
    details: { reason: 'interrupted' satisfies GitFailureReason },
  });
}

const tryLater = steps(
  'Try again later.',
  { kind: 'option', option: 'timeout', to: 'give it more time' },
  { kind: 'option', option: 'offline', to: 'use what is in the cache' },
);

export function stalled(where: string, milliseconds: number): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The source did not answer for ${Math.round(milliseconds / 1000)} s, which is the time limit: ${printable(where)}`,
    {
      remedy: tryLater,
      details: { reason: 'stalled' satisfies GitFailureReason, where },
    },
  );
}

export function tooSlow(where: string, milliseconds: number): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The source had not finished after ${Math.round(milliseconds / 1000)} s, sixty times the time limit for an answer: ${printable(where)}`,
    {
      remedy: tryLater,
      details: { reason: 'stalled' satisfies GitFailureReason, where },
    },
  );
}

/** More refs than any protocol repository has. */
export function tooManyRefs(where: string): InstallError {
  return new InstallError('E_SOURCE_UNREACHABLE', `${announcedTooMuch}: ${printable(where)}`, {
    remedy: notAProtocolServer,
    details: { reason: 'too-much' satisfies GitFailureReason, where },
  });
}

/** The next run at the latest removes what was received so far. */
export function tooManyBytes(where: string, bytes: number): InstallError {
  return new InstallError(
    'E_PACK_LIMIT',
    `The source sent more than ${bytes} bytes and was cut off: ${printable(where)}`,
    {
      remedy: steps('Nothing was changed. Check that it is the repository you meant.', {
        kind: 'option',
        option: 'maxTotalBytes',
        to: 'accept more',
      }),
      details: { reason: 'too-much' satisfies GitFailureReason, where, limit: bytes },
    },
  );
}

/** Output that does not belong to a transfer: nobody would read it. */
export function talksWithoutEnd(where: string): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The source sends messages without end and was cut off: ${printable(where)}`,
    {
      remedy: notAProtocolServer,
      details: { reason: 'too-much' satisfies GitFailureReason, where },
    },
  );
}

/** The user named one host; the answer of another one is not what they asked for. */
export function redirected(where: string, target: string): InstallError {
  const shown = printable(redact(target));
  return new InstallError(
    'E_SOURCE_FORBIDDEN',
    `The source redirects to another host: ${printable(where)} to ${shown}`,
    {
      remedy: steps('Nothing was changed.', {
        kind: 'option',
        option: 'from',
        to: 'install from that host, if you trust it',
      }),
      details: { reason: 'redirected' satisfies GitFailureReason, where, target: shown },
    },
  );
}

/** git's last `fatal:` or `error:` line, or its last line, as one clause. */
function lastWords(stderr: string): string {
  const lines = redact(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.findLast((item) => /^(fatal|error): /.test(item)) ?? lines.at(-1);
  return line === undefined ? '.' : ` (git: ${printable(line).slice(0, 300)})`;
}

export function reasonOf(error: unknown): GitFailureReason | undefined {
  if (!(error instanceof InstallError)) return undefined;
  return error.details['reason'] as GitFailureReason | undefined;
}
