import type { Finding } from '../../../core/finding.ts';
import type { Place } from '../../documents/document.ts';
import { wording, type FindingCode } from './wording.ts';

type Arguments<Code extends FindingCode> = Parameters<(typeof wording)[Code]>;

/** A finding that makes the contract fail. */
export function violation<Code extends FindingCode>(
  code: Code,
  place: Place,
  ...args: Arguments<Code>
): Finding {
  return { code, severity: 'error', ...place, message: words(code, args) };
}

/** A finding worth a look that makes nothing fail. */
export function advice<Code extends FindingCode>(
  code: Code,
  place: Place,
  ...args: Arguments<Code>
): Finding {
  return { code, severity: 'warn', ...place, message: words(code, args) };
}

function words(code: FindingCode, args: readonly unknown[]): string {
  // The arguments are those of the code; TypeScript cannot follow the key.
  const sentence: (...args: never[]) => string = wording[code];
  return sentence(...(args as never[]));
}
