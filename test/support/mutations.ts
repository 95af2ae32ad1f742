import { describe, expect, test } from 'vitest';
import type { ContractId, PackEdits } from '../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../src/protocol/contracts/sample-pack.ts';
import { validatePack } from '../../src/protocol/contracts/validate.ts';

/** What is changed in words, how, and the code that says so. */
export type Mutation = readonly [name: string, edits: PackEdits, code: string];

/**
 * One test per mutation of the valid pack: its contract finds it, in exactly these words, and no
 * other contract has anything to say.
 */
export function describeMutations(contract: ContractId, mutations: readonly Mutation[]): void {
  describe(`${contract} finds, and no other contract does`, () => {
    test('at least ten mutations', () => {
      expect(new Set(mutations.map(([name]) => name)).size).toBeGreaterThanOrEqual(10);
    });

    test.each(mutations)('%s', (_name, edits, code) => {
      const findings = validatePack(samplePack(edits));
      const found = new Set(findings.map((finding) => `${finding.contract} ${finding.code}`));
      expect([...found]).toEqual([`${contract} ${code}`]);
      for (const { path, message } of findings) {
        expect(path).toBeTruthy();
        expect(message).toMatch(/\.$/);
      }
    });
  });
}
