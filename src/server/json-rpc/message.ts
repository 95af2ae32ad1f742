import { parseJson } from '../../core/bounded-json.ts';
import { InstallError } from '../../core/errors.ts';

/** Error codes of JSON-RPC 2.0. */
export const rpcCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
} as const;

export type RpcId = string | number | null;

export interface RpcError {
  readonly code: (typeof rpcCodes)[keyof typeof rpcCodes];
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The outcome of a call. */
export type Outcome = { readonly result: unknown } | { readonly error: RpcError };

export interface Call {
  /** Undefined for a notification, which is never answered. */
  readonly id: RpcId | undefined;
  readonly method: string;
  readonly params: unknown;
  /**
   * Whether it says `"jsonrpc": "2.0"`. Agent app servers leave that out; their answers then leave
   * it out, too.
   */
  readonly versioned: boolean;
}

/** A message that cannot be understood, with the parts that can. */
export interface Unreadable {
  readonly id: RpcId;
  readonly error: RpcError;
  readonly versioned: boolean;
}

export type Incoming = Call | Unreadable;

const mostInBatch = 100;

/**
 * The message of a line, or the messages of a batch. Undefined for a line without one, or with an
 * answer: answering an answer could go on for ever.
 */
export function readMessage(line: Uint8Array): Incoming | readonly Incoming[] | undefined {
  if (line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)) return undefined;
  let value: unknown;
  try {
    value = parseJson(line, { path: 'message' });
  } catch (error) {
    if (!(error instanceof InstallError) || error.code !== 'E_DOCUMENT_INVALID') throw error;
    return unreadable('parseError', error.message);
  }
  if (!Array.isArray(value)) return isAnswer(value) ? undefined : readCall(value);
  const batch = value as readonly unknown[];
  if (batch.length === 0) return unreadable('invalidRequest', 'The batch is empty.');
  if (batch.length > mostInBatch) {
    return unreadable('invalidRequest', `The batch has more than ${mostInBatch} messages.`);
  }
  return batch.filter((each) => !isAnswer(each)).map(readCall);
}

export function unreadable(
  kind: keyof typeof rpcCodes,
  message: string,
  id: RpcId = null,
  versioned = true,
): Unreadable {
  return { id, error: { code: rpcCodes[kind], message }, versioned };
}

function isAnswer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ('result' in value || 'error' in value) && !('method' in value);
}

function readCall(value: unknown): Incoming {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return unreadable('invalidRequest', 'A message must be an object.');
  }
  const { jsonrpc, id, method, params } = value as Readonly<Record<string, unknown>>;
  const versioned = jsonrpc !== undefined;
  const known = isId(id) ? id : null;
  const refuse = (problem: string): Unreadable =>
    unreadable('invalidRequest', problem, known, versioned);
  if (versioned && jsonrpc !== '2.0') return refuse('jsonrpc is not "2.0".');
  if (id !== undefined && !isId(id))
    return refuse('id must be a string, null, or a number that can be returned exactly.');
  if (typeof method !== 'string') return refuse('method must be a string.');
  return { id, method, params, versioned };
}

/** A larger integer would be returned as another one, which the client has not used. */
function isId(id: unknown): id is RpcId {
  if (typeof id === 'number') return !Number.isInteger(id) || Number.isSafeInteger(id);
  return id === null || typeof id === 'string';
}

/** An answer, in the form of its request. */
export function answer(
  { id, versioned }: { readonly id: RpcId; readonly versioned: boolean },
  outcome: Outcome,
): object {
  return { ...(versioned && { jsonrpc: '2.0' }), id, ...outcome };
}

export function invalidParams(message: string, data?: RpcError['data']): Outcome {
  return { error: { code: rpcCodes.invalidParams, message, ...(data && { data }) } };
}
