import type { ExitCode } from '../../core/error-codes.ts';
import type { InstallError } from '../../core/errors.ts';
import { printableJson } from '../../core/printable.ts';
import type { HistoryRun } from '../../inspection/history/list-history.ts';
import type { InstallRun } from '../../operations/install/outcome.ts';
import type { RecoveredOperation } from '../../engine/transaction/recover.ts';
import type { RegisterRun } from '../../operations/register/request.ts';
import type { RollbackRun } from '../../operations/rollback/outcome.ts';
import type { VerifyHomeRun } from '../../inspection/verify/verify-home.ts';
import type { VerifyRun } from '../../inspection/verify/verify.ts';
import type { ValidateRun } from '../../inspection/validate/validate.ts';
import type { CompileRun } from '../../authoring/compile.ts';
import type { CreateRun } from '../../authoring/create.ts';
import type { SelfTestRun } from '../author/use-cases.ts';

import type { Launcher } from '../launcher.ts';
import { remedyText } from './remedy-text.ts';
import type { Activation } from '../../protocol/discovery/activate.ts';
import type { DiscoveredIdentity } from '../../protocol/discovery/list-identities.ts';
import type { ListingError, ListResult } from '../../protocol/discovery/listing.ts';
import type { MatchResult } from '../../protocol/discovery/match-identities.ts';

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
  | ({ readonly schema: 'identity-install/create-result@1' } & CreateRun)
  | ({ readonly schema: 'identity-install/register-result@1' } & RegisterRun)
  | ({ readonly schema: 'identity-install/compile-result@1' } & CompileRun)
  | ({ readonly schema: 'identity-install/history-result@1' } & HistoryRun)
  | ({ readonly schema: 'identity-install/list-result@1' } & ListResult)
  | {
      readonly schema: 'identity-install/show-result@1';
      readonly cwd: string;
      readonly isDefault: boolean;
      readonly identity: DiscoveredIdentity;
    }
  | ({
      readonly schema: 'identity-install/match-result@1';
      readonly cwd: string;
      readonly objective: string;
      readonly activated: Omit<Activation, 'match'>;
      readonly errors: readonly ListingError[];
    } & MatchResult)
  | {
      readonly schema: 'identity-install/recover-result@1';
      readonly recovered: readonly RecoveredOperation[];
    };

/** One document, its exit code right after its schema. */
export function renderJson(result: JsonResult, exitCode: ExitCode): string {
  const { schema, ...members } = result;
  return jsonText({ schema, exitCode, ...members });
}

export function renderJsonError(
  { code, message, remedy, details, exitCode }: InstallError,
  launcher: Launcher,
): string {
  return jsonText({
    schema: 'identity-install/error@1',
    exitCode,
    code,
    message,
    hint: remedy === undefined ? null : remedyText(remedy, launcher),
    details,
  });
}

/** JSON text that a terminal shows and does not obey. */
export function jsonText(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}
