import { describe, expect, it, vi } from 'vitest';
import { catalogPath, parseCatalog } from '../../../src/protocol/catalog.ts';
import { memoryView, viewBelow } from '../../../src/protocol/documents/file-view.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
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
    const later = new Map<string, readonly ContractFinding[]>();
    for (const tag of data.tags) {
      const files = data.files(tag);
      const catalog = parseCatalog(files.get(catalogPath) ?? Buffer.from(''), catalogPath).catalog;
      const release = { catalog, treePaths: [...files.keys()] };
      const root = memoryView(files);
      for (const id of choosableIds(release)) {
        const parts = {
          id,
          pack: viewBelow(root, findPack({ ...release, id })),
          catalog: { path: catalogPath, root },
        };
        const validate = (now: string) =>
          validatePack(createSubject({ ...parts, now: new Date(now) }));
        seen.set(`${tag} ${id}`, validate('2026-02-22T12:00:00Z'));
        later.set(`${tag} ${id}`, validate('2026-11-21T12:00:00Z'));
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
    expect(summary('v1.4.3 store-manager')).toEqual([
      // A skill never grants permissions (docs/protocol.md#collaboration-boundary).
      // The route needs `github`; the catalog binds chrome-devtools, playwright and n8n-mcp.
      'collaboration-boundary BOUNDARY_MCP_UNDECLARED /capability_orchestration_contract/task_type_routes/wechat_listing_update/required_mcp/0',
    ]);
    expect(summary('v1.5.1 store-manager')).toEqual(
      expect.arrayContaining([
        'catalog CATALOG_VALUE /default_identity',
        // A verification says `same_signature` and `no_op_with_report`
        // (docs/protocol.md#install-reports); the protocol's safety checker rejects its own `verified`.
        'install-safety INSTALL_REPORT_VALUE /action',
      ]),
    );
    expect(summary('v1.0.0 store-manager')).toContain('pack-files PACK_FILE_MISSING ');

    // Time adds nothing but age, and to a pack with logs it does.
    for (const [key, findings] of later) {
      const before = new Set(seen.get(key)?.map(({ code }) => code));
      const added = findings.map(({ code }) => code).filter((code) => !before.has(code));
      expect(added.filter((code) => !code.endsWith('_STALE'))).toEqual([]);
    }
    expect(later.get('v1.4.3 store-manager')?.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['COLLABORATION_LOG_STALE', 'FEEDBACK_RETENTION_STALE']),
    );
    // It requires the gate of updates, which asks for both, and is older than either.
    expect(summary('v1.2.4 store-manager')).toEqual(
      expect.arrayContaining([
        'runtime-state RUNTIME_STATE_GATE_WITHOUT_CONTRACT /gates/identity_update_gate',
        'update-lifecycle UPDATE_LIFECYCLE_MISSING /identity_update_lifecycle_contract/replay_contract/evidence_path_pattern',
      ]),
    );
    expect(later.get('v1.4.3 store-manager')?.map(({ code }) => code)).toContain(
      'PROTOCOL_REVIEW_STALE',
    );
  });
});
