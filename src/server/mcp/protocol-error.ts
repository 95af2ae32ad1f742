import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { asInstallError } from '../../core/failure.ts';

/** `-32002`, which the specification reserves for this and the SDK does not name. */
const resourceNotFound = -32002;

export function noSuchResource(uri: string): McpError {
  return new McpError(resourceNotFound, 'There is no such resource.', { uri });
}

/** Where a result has no place for an error: its code and hint go along in `data`. */
export function asProtocolError(caught: unknown): McpError {
  if (caught instanceof McpError) return caught;
  const { code, message, hint } = asInstallError(caught, 'identity mcp');
  const kind = code === 'E_BUG' ? ErrorCode.InternalError : ErrorCode.InvalidParams;
  return new McpError(kind, message, { code, hint: hint ?? null });
}
