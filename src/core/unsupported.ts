import { errnoOf } from './errors.ts';

/** What a file system says that does not know a call: of Linux, macOS, the BSDs and FUSE. */
const unknownCall = ['ENOSYS', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP'];

/** link(2) says EPERM on FAT, and EACCES where a policy forbids hard links. */
const noLinks = new Set([...unknownCall, 'EPERM', 'EACCES']);
const noExchange = new Set(unknownCall);

/** Whether a failed link(2) says that there are no hard links here, rather than not this one. */
export function saysNoLinks(error: unknown): boolean {
  return noLinks.has(errnoOf(error) ?? '');
}

/** Whether a failed exchange says that two names cannot change places here in one step. */
export function saysNoExchange(error: unknown): boolean {
  return noExchange.has(errnoOf(error) ?? '');
}
