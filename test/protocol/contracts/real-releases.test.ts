import { describe, expect, it, vi } from 'vitest';
import { catalogPath, parseCatalog } from '../../../src/protocol/catalog.ts';
import { memoryView, viewBelow } from '../../../src/protocol/contracts/file-view.ts';
import { createSubject } from '../../../src/protocol/contracts/subject.ts';
import { validatePack, type ContractFinding } from '../../../src/protocol/contracts/validate.ts';
import { choosableIds, findPack } from '../../../src/protocol/find-pack.ts';
import {
  hasProtocolData,
  openProtocolData,
  protocolDataTitle,
} from '../../support/protocol-data.ts';

describe.skipIf(!hasProtocolData)(protocolDataTitle, () => {
  it('meet every contract on every pack of every tag without a crash or a word', () => {
    const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
    const data = openProtocolData();
    const seen = new Map<string, readonly ContractFinding[]>();
    for (const tag of data.tags) {
      const files = data.files(tag);
      const catalog = parseCatalog(files.get(catalogPath) ?? Buffer.from(''), catalogPath).catalog;
      const release = { catalog, treePaths: [...files.keys()] };
      const root = memoryView(files);
      for (const id of choosableIds(release)) {
        const subject = createSubject({
          id,
          now: new Date('2026-02-22T12:00:00Z'),
          pack: viewBelow(root, findPack({ ...release, id })),
          catalog: { path: catalogPath, root },
        });
        seen.set(`${tag} ${id}`, validatePack(subject));
      }
    }
    expect(seen.size).toBeGreaterThan(data.tags.length);
    for (const stream of written) expect(stream).not.toHaveBeenCalled();

    for (const finding of [...seen.values()].flat()) {
      expect(finding.path).toMatch(/^identity\//);
      expect(finding.message).toMatch(/\.$/);
      if (finding.pointer !== undefined) {
        expect(finding.pointer).toMatch(/^(?:\/|$)/);
        expect(finding.line).toBeGreaterThan(0);
      }
    }

    const summary = (key: string): string[] =>
      (seen.get(key) ?? []).map(
        ({ contract, code, pointer = '' }) => `${contract} ${code} ${pointer}`,
      );
    // What the first contracts say of the releases that PROTOCOL.md speaks of.
    expect(seen.has('v1.4.3 store-manager')).toBe(true);
    expect(summary('v1.4.3 store-manager')).toEqual([]);
    expect(summary('v1.5.1 store-manager')).toEqual(['catalog CATALOG_VALUE /default_identity']);
    expect(summary('v1.0.0 store-manager')).toContain('pack-files PACK_FILE_MISSING ');
  });
});
