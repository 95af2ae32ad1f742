import { errnoOf, InstallError } from './errors.ts';
import type { ErrorCode } from './error-codes.ts';
import { ownMember } from './own-member.ts';
import { steps, type RemedyLike } from './remedy.ts';

const codes: Readonly<Record<string, readonly [code: ErrorCode, remedy: RemedyLike]>> = {
  ENOSPC: ['E_NO_SPACE', 'Free some space on the file system of the home and try again.'],
  EDQUOT: ['E_NO_SPACE', 'Your quota is used up; free some space and try again.'],
  EROFS: [
    'E_HOME_READ_ONLY',
    'The file system is mounted read-only; nothing can be installed there.',
  ],
  EACCES: ['E_HOME_READ_ONLY', 'Check who owns the directory and what its permissions are.'],
  EPERM: ['E_HOME_READ_ONLY', 'A file may be immutable or belong to another user.'],
  EXDEV: [
    'E_FS_NO_EXCHANGE',
    steps('Home and instance must lie on one file system.', {
      kind: 'option',
      option: 'home',
      to: 'use a home there',
    }),
  ],
  ENOSYS: [
    'E_FS_NO_EXCHANGE',
    'Put the home on a file system that can exchange or hard-link files.',
  ],
  ENOTSUP: [
    'E_FS_NO_EXCHANGE',
    'Put the home on a file system that can exchange or hard-link files.',
  ],
  EOPNOTSUPP: [
    'E_FS_NO_EXCHANGE',
    'Put the home on a file system that can exchange or hard-link files.',
  ],
};

/**
 * Translates an operating system error into one for the reader; returns everything else as it is.
 */
export function ioError(error: unknown, doing: string): unknown {
  const errno = errnoOf(error);
  if (error instanceof InstallError || errno === undefined || !/^E[A-Z0-9]+$/.test(errno)) {
    return error;
  }
  const [code, remedy] = ownMember(codes, errno) ?? [
    'E_IO',
    'Check the disk and the permissions of the home, then try again.',
  ];
  const message = error instanceof Error ? error.message : errno;
  return new InstallError(code, `${doing}: ${message}`, {
    remedy,
    cause: error,
    details: { errno },
  });
}
