import {
  documentInvalid,
  documentLimits,
  documentText,
  placeAt,
  poisonousKeys,
  type DocumentOptions,
} from './document.ts';
import { scanJson } from './json-scan.ts';
import type { Finding } from './finding.ts';

export interface JsonOptions extends DocumentOptions {
  /**
   * Accept any key. Only for our own documents whose keys are file names, and only when the reader
   * looks members up by own property.
   */
  readonly anyKey?: boolean;
  /** Called for what deserves a note but is not refused: integers that a double cannot hold. */
  readonly note?: (finding: Finding) => void;
}

/**
 * Parses one JSON document. Size, depth, member count, syntax and keys are checked by a scanner
 * that does not recurse, before the parser runs (docs/hostile-input.md#content). A duplicate key is
 * not a problem; the last one counts, as everywhere.
 *
 * @throws InstallError E_DOCUMENT_INVALID with details {path, line?, column?}
 */
export function parseJson(bytes: Uint8Array, options: JsonOptions): unknown {
  const { path, note } = options;
  const limits = { ...documentLimits, ...options.limits };
  const text = documentText(bytes, path, limits);
  scanJson(text, {
    depth: limits.depth,
    members: limits.members,
    problem: (problem, offset) => documentInvalid(path, problem, placeAt(text, offset)),
    key: (key, offset) => {
      if (options.anyKey !== true && poisonousKeys.has(key)) {
        documentInvalid(path, `the key "${key}" is not allowed`, placeAt(text, offset));
      }
    },
    integer: (digits, offset) => {
      if (note === undefined || Number.isSafeInteger(Number(digits))) return;
      note({
        code: 'JSON_INTEGER_UNSAFE',
        severity: 'info',
        path,
        ...placeAt(text, offset),
        message: `The integer ${digits} is beyond 2^53 and loses digits in most readers.`,
      });
    },
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return documentInvalid(path, 'is not valid JSON', undefined, cause);
  }
}
