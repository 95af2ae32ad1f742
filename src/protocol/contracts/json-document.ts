import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { parseJson } from '../../core/bounded-json.ts';
import { placeAt } from '../../core/document.ts';
import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';

/** A JSON document of a pack, with the way back from a pointer to a line. */
export interface JsonDocument {
  /** As findings show it. */
  readonly path: string;
  readonly value: unknown;
  /**
   * Where a finding about `pointer` belongs: line and column, from 1, of the value, or of the
   * nearest one around it that exists.
   */
  readonly at: (pointer: string) => Pick<Finding, 'path' | 'pointer' | 'line' | 'column'>;
}

/** Why a document cannot be used, as the bounded parser put it. */
export interface UnreadableDocument {
  readonly path: string;
  readonly problem: string;
}

/** Parses within the usual bounds (`core/bounded-json.ts`); what is wrong comes back as data. */
export function readJsonDocument(
  bytes: Uint8Array,
  path: string,
): JsonDocument | UnreadableDocument {
  let value: unknown;
  try {
    value = parseJson(bytes, { path });
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    return { path, problem: error.message };
  }
  // Positions are asked for rarely, so the second parse waits until then.
  let tree: Node | undefined;
  let text: string | undefined;
  return {
    path,
    value,
    at(pointer) {
      text ??= new TextDecoder().decode(bytes);
      tree ??= parseTree(text);
      const node = tree && nearestNode(tree, partsOf(pointer));
      const where = node === undefined ? {} : placeAt(text, node.offset);
      return { path, pointer, ...where };
    },
  };
}

export function isReadable(document: JsonDocument | UnreadableDocument): document is JsonDocument {
  return 'at' in document;
}

/** RFC 6901. */
function partsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function nearestNode(tree: Node, parts: readonly string[]): Node | undefined {
  let node: Node | undefined = tree;
  for (const part of parts) {
    const segment: string | number = node.type === 'array' ? Number(part) : part;
    const next: Node | undefined = findNodeAtLocation(node, [segment]);
    if (next === undefined) break;
    node = next;
  }
  return node;
}
