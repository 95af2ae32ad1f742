import { InstallError } from '../../core/errors.ts';
import { documentLimits, type DocumentLimits } from '../../core/document.ts';
import type { Finding } from '../../core/finding.ts';
import { maxDocumentBytes } from './file-view.ts';

/** A JSON or YAML document, with the way back from a pointer to a line. */
export interface Document {
  /** As findings show it. */
  readonly path: string;
  readonly value: unknown;
  /**
   * Where a finding about `pointer` belongs: line and column, from 1, of the value, or of the
   * nearest one around it that exists.
   */
  readonly at: (pointer: string) => Place;
}

/**
 * What a text of lines may cost: histories and rulebooks grow for as long as their agent lives. The
 * view that they are read through has a limit of its own.
 */
export const textLimits: DocumentLimits = { ...documentLimits, bytes: maxDocumentBytes };

export type Place = Pick<Finding, 'path' | 'pointer' | 'line' | 'column'>;

/** Why a document cannot be used, as the bounded parser put it, and where. */
export interface UnreadableDocument {
  readonly place: Place;
  readonly problem: string;
}

export function isReadable(document: Document | UnreadableDocument): document is Document {
  return 'at' in document;
}

/** What a bounded parser throws, as data. */
export function orUnreadable<T>(path: string, parse: () => T): T | UnreadableDocument {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    const { line, column } = error.details as Pick<Place, 'line' | 'column'>;
    const known = line !== undefined && column !== undefined;
    // A finding has its place in fields of their own, so the message does without.
    const where = known ? `${path}:${line}:${column}: ` : `${path}: `;
    const problem = error.message.replace(where, '');
    return { place: { path, ...(known && { line, column }) }, problem };
  }
}
