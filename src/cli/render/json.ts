import type { ExitCode } from '../../core/error-codes.ts';
import type { InstallError } from '../../core/errors.ts';
import type {
  HistoryRun,
  InstallRun,
  RecoveredOperation,
  RollbackRun,
  VerifyHomeRun,
  VerifyRun,
} from '../../install/use-cases.ts';
import type { ValidateRun } from '../../install/validate/validate.ts';
import type { SelfTestRun } from '../author/use-cases.ts';

/**
 * The documents that `--json` prints. A schema's number changes when a member goes or changes its
 * meaning; members may be added at any time.
 */
export type JsonResult =
  | ({ readonly schema: 'identity-install/install-result@1' } & InstallRun)
  | ({ readonly schema: 'identity-install/rollback-result@1' } & RollbackRun)
  | ({ readonly schema: 'identity-install/verify-result@1' } & VerifyRun)
  | ({ readonly schema: 'identity-install/verify-home-result@1' } & VerifyHomeRun)
  | ({ readonly schema: 'identity-install/validate-result@1' } & ValidateRun)
  | ({ readonly schema: 'identity-install/self-test-result@1' } & SelfTestRun)
  | ({ readonly schema: 'identity-install/history-result@1' } & HistoryRun)
  | {
      readonly schema: 'identity-install/recover-result@1';
      readonly recovered: readonly RecoveredOperation[];
    };

/** One document, its exit code right after its schema. */
export function renderJson(result: JsonResult, exitCode: ExitCode): string {
  const { schema, ...members } = result;
  return jsonText({ schema, exitCode, ...members });
}

export function renderJsonError({ code, message, hint, details, exitCode }: InstallError): string {
  return jsonText({
    schema: 'identity-install/error@1',
    exitCode,
    code,
    message,
    hint: hint ?? null,
    details,
  });
}

/** JSON text that a terminal shows and does not obey. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(unprintable, escaped)}\n`;
}

/** What JSON allows in a string but a terminal would obey: the value stays the same. */
const unprintable = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index).toString(16).padStart(4, '0');
    return `\\u${unit}`;
  }).join('');
}
