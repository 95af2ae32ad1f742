import { InstallError } from './errors.ts';

/** What a JSON or YAML document may cost. Checked before anything is built from it. */
export interface DocumentLimits {
  readonly bytes: number;
  /** Collections inside collections. */
  readonly depth: number;
  /** Mapping keys and sequence items in all; in YAML with every alias counted at full size. */
  readonly members: number;
  /** YAML alias nodes. */
  readonly aliases: number;
}

export const documentLimits: DocumentLimits = {
  bytes: 1024 * 1024,
  depth: 64,
  members: 100_000,
  aliases: 16,
};

export interface DocumentOptions {
  /** Used in error messages: a path in a release or on disk. */
  readonly path: string;
  /** Where they differ from `documentLimits`. */
  readonly limits?: Partial<DocumentLimits>;
}

/**
 * Keys that reach the prototype of an object as soon as a document is copied member by member
 * (docs/hostile-input.md#content). No document of the protocol uses them.
 */
export const poisonousKeys: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
]);

/** @throws InstallError E_DOCUMENT_INVALID, with line and column (from 1) where they are known */
export function documentInvalid(
  path: string,
  problem: string,
  place?: { readonly line: number; readonly column: number },
  cause?: unknown,
): never {
  const where = place === undefined ? path : `${path}:${place.line}:${place.column}`;
  throw new InstallError('E_DOCUMENT_INVALID', `${where}: ${problem}.`, {
    remedy:
      'Repair the document if it is yours; otherwise report it to its maintainers, or choose another release.',
    details: { path, ...place },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Line and column, from 1, of a UTF-16 offset into the text. */
export function placeAt(text: string, offset: number): { line: number; column: number } {
  return placesIn(text)(offset);
}

/** The same for many offsets into one text: a document can have as many findings as members. */
export function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [line, beyond] = [0, starts.length];
    while (beyond - line > 1) {
      const middle = (line + beyond) >> 1;
      if ((starts[middle] ?? 0) <= offset) line = middle;
      else beyond = middle;
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/**
 * The text of a document: UTF-8 without byte order mark and without NUL. Python's and Node's
 * readers disagree about everything else, so nothing else is accepted.
 *
 * @throws InstallError E_DOCUMENT_INVALID
 */
export function documentText(bytes: Uint8Array, path: string, limits: DocumentLimits): string {
  if (bytes.byteLength > limits.bytes) {
    documentInvalid(path, `larger than ${limits.bytes} bytes (${bytes.byteLength})`);
  }
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) {
    documentInvalid(path, 'begins with a byte order mark');
  }
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    documentInvalid(path, 'is UTF-16; only UTF-8 is read');
  }
  if (bytes.includes(0)) documentInvalid(path, 'contains a NUL byte');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    return documentInvalid(path, 'is not valid UTF-8', undefined, cause);
  }
}
