import { errnoOf } from './errors.ts';

/**
 * What a file system answers to a call that it does not support, on Linux, macOS, the BSDs and
 * FUSE.
 */
const unknownCall = ['ENOSYS', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP'];

/** link(2) fails with EPERM on FAT, and with EACCES where a policy forbids hard links. */
const noLinks = new Set([...unknownCall, 'EPERM', 'EACCES']);
const noExchange = new Set(unknownCall);

/**
 * Whether a failed link(2) means that the file system has no hard links, not only that this link
 * failed.
 */
export function saysNoLinks(error: unknown): boolean {
  return noLinks.has(errnoOf(error) ?? '');
}

/** Whether a failed exchange means that two names cannot be exchanged here in one step. */
export function saysNoExchange(error: unknown): boolean {
  return noExchange.has(errnoOf(error) ?? '');
}
