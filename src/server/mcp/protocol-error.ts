import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { asInstallError } from '../../core/failure.ts';
import { hintOf } from './remedy-text.ts';

/**
 * An answer with `error` instead of `result`. The error class of the SDK puts its code into its
 * message, and the client then adds it again.
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

/** `-32002`, which the specification defines for this but the SDK does not. */
const resourceNotFound = -32002;

export function noSuchResource(uri: string): ProtocolError {
  return new ProtocolError(resourceNotFound, 'There is no such resource.', { uri });
}

export function unknownCursor(): ProtocolError {
  return new ProtocolError(ErrorCode.InvalidParams, 'The cursor does not belong to this server.');
}

/** For results that cannot contain an error: its code and hint are in `data`. */
export function asProtocolError(caught: unknown): ProtocolError {
  if (caught instanceof ProtocolError) return caught;
  const { code, message, remedy } = asInstallError(caught, 'The server');
  const kind = code === 'E_BUG' ? ErrorCode.InternalError : ErrorCode.InvalidParams;
  return new ProtocolError(kind, message, { code, hint: hintOf(remedy) });
}
