import { parseTree, type Node } from 'jsonc-parser';
import { parseJson } from '../../core/bounded-json.ts';
import { placesIn } from '../../core/document.ts';
import { orUnreadable, type Document, type UnreadableDocument } from './document.ts';
import { pointerParts } from './pointer.ts';

/** Parses with the usual limits (`core/bounded-json.ts`); an error is returned as data. */
export function readJsonDocument(bytes: Uint8Array, path: string): Document | UnreadableDocument {
  return orUnreadable<Document>(path, () => {
    const value = parseJson(bytes, { path });
    // Positions are needed rarely, so the second parse is deferred until then.
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

/** If a key is given twice, its last value counts, so that is the one to show. */
function lastMember(object: Node, key: string): Node | undefined {
  const property = object.children?.findLast(({ children }) => children?.[0]?.value === key);
  return property?.children?.[1];
}
