import type { ExitCode } from '../../core/error-codes.ts';
import type { InstallError } from '../../core/errors.ts';
import { printableJson } from '../../core/printable.ts';
import type { JsonDocument } from '../command/command.ts';
import { remedyText, type RemedyWording } from './remedy-text.ts';

/** One document, its exit code right after its schema. */
export function renderJson(result: JsonDocument, exitCode: ExitCode): string {
  const { schema, ...members } = result;
  return jsonText({ schema, exitCode, ...members });
}

export function renderJsonError(
  { code, message, remedy, details, exitCode }: InstallError,
  wording: RemedyWording,
): string {
  return jsonText({
    schema: 'identity-install/error@1',
    exitCode,
    code,
    message,
    hint: remedy === undefined ? null : remedyText(remedy, wording),
    details,
  });
}

/** JSON text without characters that a terminal would interpret. */
export function jsonText(value: unknown): string {
  return `${printableJson(JSON.stringify(value, null, 2))}\n`;
}
