import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/core/bounded-json.ts';
import { catalogPath, parseCatalog } from '../../src/protocol/catalog.ts';
import { editLocalCatalog } from '../../src/protocol/edit-local-catalog.ts';
import { findPack } from '../../src/protocol/find-pack.ts';
import { readPackManifest } from '../../src/protocol/pack-manifest.ts';
import { reportPath, reportPlaces } from '../../src/protocol/report-places.ts';
import { hasProtocolData, openProtocolData, protocolDataTitle } from '../support/protocol-data.ts';

describe.skipIf(!hasProtocolData)(protocolDataTitle, () => {
  it('have catalogs, packs and report places that are understood', () => {
    const data = openProtocolData();
    const seen = data.tags.map((tag) => {
      const bytes = data.file(tag, catalogPath);
      if (bytes === undefined) throw new Error(`${tag} has no catalog`);
      const { catalog, findings } = parseCatalog(bytes, catalogPath);
      const treePaths = data.paths(tag);
      const places = catalog.identities.flatMap(({ id }) => {
        const packPath = findPack({ catalog, treePaths, id });
        const own = treePaths
          .filter((path) => path.startsWith(`${packPath}/`))
          .map((path) => path.slice(packPath.length + 1));
        const meta = data.file(tag, `${packPath}/META.yaml`);
        const manifest = readPackManifest({
          id,
          paths: new Set(own),
          ...(meta !== undefined && { meta }),
        });
        const missing = manifest.findings.map(({ code, path }) => `${code} ${path}`);
        const hasMeta = own.includes('META.yaml');
        expect(missing).toEqual(hasMeta ? [] : ['PACK_FILE_MISSING META.yaml']);
        const path = `${packPath}/CURRENT_TASK.json`;
        const task = parseJson(data.file(tag, path) ?? Buffer.from(''), { path });
        const read = reportPlaces(task);
        expect(read.findings).toEqual([]);
        return read.places.map(({ pattern }) => pattern);
      });
      return {
        tag,
        default: catalog.defaultIdentity,
        findings: findings.map(({ code }) => code),
        places,
      };
    });
    const old = seen.filter(({ tag }) => /^v(0|1\.[0-3])\./.test(tag));
    expect(old.length).toBeGreaterThan(3);
    for (const { default: chosen, findings, places } of old) {
      expect({ chosen, findings, places }).toEqual({
        chosen: 'store-manager',
        findings: [],
        places: [],
      });
    }
    expect(seen.find(({ tag }) => tag === 'v1.4.3')?.places).toEqual([
      'identity/runtime/examples/install/*.json',
    ]);
    expect(seen.find(({ tag }) => tag === 'v1.5.1')).toEqual({
      tag: 'v1.5.1',
      default: null,
      findings: ['CATALOG_DEFAULT_EMPTY'],
      places: [
        'identity/runtime/examples/install/install-report-*-store-manager.json',
        'identity/runtime/reports/install/identity-install-store-manager-*.json',
        'identity/packs/system-requirements-analyst/runtime/examples/install/install-report-*-system-requirements-analyst.json',
        'identity/packs/system-requirements-analyst/runtime/reports/install/identity-install-system-requirements-analyst-*.json',
      ],
    });
  });

  it('ship no report that would sort behind ours', () => {
    const data = openProtocolData();
    const paths = data.paths('v1.5.1').filter((path) => path.includes('/install/'));
    expect(paths.length).toBeGreaterThan(5);
    for (const pattern of [
      'identity/packs/system-requirements-analyst/runtime/examples/install/install-report-*-system-requirements-analyst.json',
      'identity/packs/system-requirements-analyst/runtime/reports/install/identity-install-system-requirements-analyst-*.json',
      'identity/runtime/examples/install/install-report-*-store-manager.json',
      'identity/runtime/reports/install/identity-install-store-manager-*.json',
    ]) {
      const [before = '', after = ''] = pattern.split('*');
      const matches = paths.filter((path) => path.startsWith(before) && path.endsWith(after));
      const ours = reportPath(pattern, '20261120-235959-3f9a1c', 'dry-run');
      expect(matches).not.toEqual([]);
      expect([...matches, ours].sort().at(-1)).toBe(ours);
    }
  });

  it('can be registered, and are edited byte by byte like any local catalog', () => {
    const data = openProtocolData();
    const text = data.file('v1.5.1', catalogPath)?.toString() ?? '';
    const { catalog } = parseCatalog(Buffer.from(text), catalogPath);
    const [first, second] = catalog.identities;
    if (first === undefined || second === undefined) throw new Error('two entries are expected');
    const registered = [first, second].reduce<string | undefined>(
      (local, { id, source }) =>
        editLocalCatalog(local, { register: { id, source, packPath: `instances/${id}` } }),
      undefined,
    );
    const local = parseCatalog(Buffer.from(registered ?? ''), 'catalog.local.yaml').catalog;
    expect(local.identities.map(({ id, policy }) => [id, policy])).toEqual([
      [first.id, first.policy],
      [second.id, second.policy],
    ]);
    const activated = editLocalCatalog(text, { activate: second.id });
    const changed = activated.split('\n').filter((line, index) => line !== text.split('\n')[index]);
    expect(changed).toEqual([`default_identity: "${second.id}"`, '    status: "active"']);
  });
});
