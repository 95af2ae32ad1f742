/** An error in the shape that node gives to failed system calls: `code`, `syscall`, `path`. */
export interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path: string;
}

/**
 * For conditions that the operating system would report, had it been asked in one call.
 *
 * @param code errno name, for example `EISDIR`
 */
export function systemError(
  code: string,
  reason: string,
  syscall: string,
  path: string,
): SystemError {
  const error = new Error(`${code}: ${reason}, ${syscall} '${path}'`);
  return Object.assign(error, { code, syscall, path });
}
