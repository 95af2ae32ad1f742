import { InstallError } from '../../core/errors.ts';
import { documentLimits, type DocumentLimits } from '../../core/document.ts';
import type { Finding } from '../../core/finding.ts';
import { maxDocumentBytes } from './file-view.ts';

/** A JSON or YAML document that can translate a pointer into a line. */
export interface Document {
  /** As findings show it. */
  readonly path: string;
  readonly value: unknown;
  /**
   * Where a finding about `pointer` belongs: line and column, from 1, of the value, or of the
   * nearest existing value around it.
   */
  readonly at: (pointer: string) => Place;
}

/**
 * The limits of a document of lines: histories and rulebooks grow as long as their agent lives. The
 * view through which they are read has a limit of its own.
 */
export const textLimits: DocumentLimits = { ...documentLimits, bytes: maxDocumentBytes };

export type Place = Pick<Finding, 'path' | 'pointer' | 'line' | 'column'>;

/** Why a document cannot be used, in the words of the bounded parser, and where. */
export interface UnreadableDocument {
  readonly place: Place;
  readonly problem: string;
}

export function isReadable(document: Document | UnreadableDocument): document is Document {
  return 'at' in document;
}

/** The error of a bounded parser, as data. */
export function orUnreadable<T>(path: string, parse: () => T): T | UnreadableDocument {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    const { line, column } = error.details as Pick<Place, 'line' | 'column'>;
    const known = line !== undefined && column !== undefined;
    // A finding has its place in separate fields, so the message leaves it out.
    const where = known ? `${path}:${line}:${column}: ` : `${path}: `;
    const problem = error.message.replace(where, '');
    return { place: { path, ...(known && { line, column }) }, problem };
  }
}
