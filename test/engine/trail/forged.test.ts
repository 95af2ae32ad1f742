import { describe, expect, test } from 'vitest';
import { readEvidence } from '../../../src/engine/trail/evidence.ts';
import type { LedgerEntry } from '../../../src/engine/trail/ledger.ts';
import { readManifest } from '../../../src/engine/snapshot/snapshot-manifest.ts';
import { createMemoryFileSystem } from '../../support/memory-file-system.ts';

const ref = '20261120-235959-3f9a1c';
const entry = { ref, evidence_sha256: '0'.repeat(64) } as LedgerEntry;

describe('evidence', () => {
  test.each(['null', '3', '{"ref":{"toString":1}}'])('that says %s is damaged', (text) => {
    const fs = createMemoryFileSystem({ [`/evidence/${ref}.json`]: text });
    expect(() => readEvidence(fs, '/evidence', entry)).toThrow(
      expect.objectContaining({ code: 'E_EVIDENCE_DAMAGED' }),
    );
  });
});

describe('the manifest of a snapshot', () => {
  const schema = 'identity-install/snapshot@1';
  test.each([
    ['null', null],
    ['no list of directories', { schema, ref, files: [] }],
  ])('that is %s is damaged', (_what, document) => {
    const fs = createMemoryFileSystem({ '/manifest.json': JSON.stringify(document) });
    expect(() => readManifest(fs, '/manifest.json', ref)).toThrow(
      expect.objectContaining({ code: 'E_SNAPSHOT_DAMAGED' }),
    );
  });
});
