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
  return document({ schema, exitCode, ...members });
}

export function renderJsonError({ code, message, hint, details, exitCode }: InstallError): string {
  return document({
    schema: 'identity-install/error@1',
    exitCode,
    code,
    message,
    hint: hint ?? null,
    details,
  });
}

function document(value: unknown): string {
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
