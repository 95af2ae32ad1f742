import { isAlias, isCollection, isNode, isSeq, parseDocument, type Document as Tree } from 'yaml';
import { parseYaml } from '../../core/bounded-yaml.ts';
import { placesIn } from '../../core/document.ts';
import { orUnreadable, type Document, type UnreadableDocument } from './document.ts';
import { pointerParts } from './pointer.ts';

/** Parses with the usual limits (`core/bounded-yaml.ts`); an error is returned as data. */
export function readYamlDocument(bytes: Uint8Array, path: string): Document | UnreadableDocument {
  return orUnreadable<Document>(path, () => {
    const value = parseYaml(bytes, { path });
    let tree: Tree | undefined;
    let placeAt: ReturnType<typeof placesIn> | undefined;
    return {
      path,
      value,
      at(pointer) {
        if (tree === undefined || placeAt === undefined) {
          const text = new TextDecoder().decode(bytes);
          // `yaml` descends without limit; the bounded parser has already checked the text.
          tree = parseDocument(text, { logLevel: 'silent' });
          placeAt = placesIn(text);
        }
        const offset = nearestOffset(tree, pointerParts(pointer));
        return { path, pointer, ...(offset !== undefined && placeAt(offset)) };
      },
    };
  });
}

function nearestOffset(tree: Tree, parts: readonly string[]): number | undefined {
  let node: unknown = tree.contents;
  let offset = tree.contents?.range?.[0];
  for (const part of parts) {
    if (isAlias(node)) node = node.resolve(tree);
    if (!isCollection(node)) break;
    const next: unknown = node.get(isSeq(node) ? Number(part) : part, true);
    if (!isNode(next)) break;
    node = next;
    offset = next.range?.[0];
  }
  return offset;
}
