import { errorCodes, type ErrorCode, type ExitCode } from './error-codes.ts';
import { redact } from './redact.ts';
import { asRemedy, type Remedy, type RemedyLike } from './remedy.ts';

export interface InstallErrorOptions {
  /** What the reader should do next; a text is advice that holds on every surface. */
  readonly remedy?: RemedyLike | undefined;
  /** Machine-readable particulars, printed under `--json`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * The one error class. Credentials in the message, the remedy and the details are redacted when
 * it is constructed, so that no later printing can leak them.
 */
export class InstallError extends Error {
  override readonly name = 'InstallError';
  readonly code: ErrorCode;
  readonly remedy: Remedy | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: InstallErrorOptions = {}) {
    super(redact(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy === undefined ? undefined : redactDeep(asRemedy(options.remedy));
    this.details = redactDeep(options.details ?? {});
  }

  get exitCode(): ExitCode {
    return errorCodes[this.code].exit;
  }
}

function redactDeep<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactDeep) as T;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, redactDeep<unknown>(item)]),
    ) as T;
  }
  return value;
}

/** The errno name of a failed system call (`ENOENT`), or undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
