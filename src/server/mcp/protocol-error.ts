import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { asInstallError } from '../../core/failure.ts';
import { hintOf } from './remedy-text.ts';

/**
 * An answer with `error` instead of `result`. That of the SDK puts its code into its message, and
 * the client does so once more.
 */
export class ProtocolError extends Error {
  readonly code: number;
  readonly data: object | undefined;
  constructor(code: number, message: string, data?: object) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** `-32002`, which the specification reserves for this and the SDK does not name. */
const resourceNotFound = -32002;

export function noSuchResource(uri: string): ProtocolError {
  return new ProtocolError(resourceNotFound, 'There is no such resource.', { uri });
}

export function unknownCursor(): ProtocolError {
  return new ProtocolError(ErrorCode.InvalidParams, 'The cursor is none of this server.');
}

/** Where a result has no place for an error: its code and hint go along in `data`. */
export function asProtocolError(caught: unknown): ProtocolError {
  if (caught instanceof ProtocolError) return caught;
  const { code, message, remedy } = asInstallError(caught, 'The server');
  const kind = code === 'E_BUG' ? ErrorCode.InternalError : ErrorCode.InvalidParams;
  return new ProtocolError(kind, message, { code, hint: hintOf(remedy) });
}
