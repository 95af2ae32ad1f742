import type { PackPath } from '../../../core/path.ts';
import type { Document, UnreadableDocument } from '../../documents/document.ts';
import type { FileView } from '../../documents/file-view.ts';
import { readYamlDocument } from '../../documents/yaml-document.ts';

/** The catalog that lists a pack, and its root. Packs of one catalog share the object. */
export interface Listing {
  readonly path: PackPath;
  readonly root: FileView;
}

const documents = new WeakMap<Listing, Document | UnreadableDocument | 'none'>();

/** The catalog, parsed once for all of its packs; undefined if there is no file to read. */
export function catalogDocument(listing: Listing): Document | UnreadableDocument | undefined {
  let document = documents.get(listing);
  if (document === undefined) {
    const { path, root } = listing;
    const bytes = root.read(path);
    document = bytes === undefined ? 'none' : readYamlDocument(bytes, root.show(path));
    documents.set(listing, document);
  }
  return document === 'none' ? undefined : document;
}
