import { parseTree, type Node } from 'jsonc-parser';
import { parseJson } from '../../core/bounded-json.ts';
import { placesIn } from '../../core/document.ts';
import { pointerParts } from '../pointer.ts';
import { orUnreadable, type Document, type UnreadableDocument } from './document.ts';

/** Parses within the usual bounds (`core/bounded-json.ts`); what is wrong comes back as data. */
export function readJsonDocument(bytes: Uint8Array, path: string): Document | UnreadableDocument {
  return orUnreadable<Document>(path, () => {
    const value = parseJson(bytes, { path });
    // Positions are asked for rarely, so the second parse waits until then.
    let tree: Node | undefined;
    let placeAt: ReturnType<typeof placesIn> | undefined;
    return {
      path,
      value,
      at(pointer) {
        if (placeAt === undefined) {
          const text = new TextDecoder().decode(bytes);
          tree = parseTree(text);
          placeAt = placesIn(text);
        }
        const node = tree && nearestNode(tree, pointerParts(pointer));
        return { path, pointer, ...(node && placeAt(node.offset)) };
      },
    };
  });
}

function nearestNode(tree: Node, parts: readonly string[]): Node {
  let node = tree;
  for (const part of parts) {
    const next = node.type === 'array' ? node.children?.[Number(part)] : lastMember(node, part);
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** Of a key that is given twice the last value counts, so that is the one to show. */
function lastMember(object: Node, key: string): Node | undefined {
  const named = object.children?.findLast(({ children }) => children?.[0]?.value === key);
  return named?.children?.[1];
}
