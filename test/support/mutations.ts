import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ContractId, PackEdits } from '../../src/protocol/contracts/contract.ts';
import { samplePack } from '../../src/protocol/contracts/samples/sample-pack.ts';
import { validatePack } from '../../src/protocol/contracts/validate.ts';

/** What is changed in words, how, and the code that says so. */
export type Mutation = readonly [name: string, edits: PackEdits, code: string];

/**
 * One test per mutation of the valid pack: its contract finds it, in exactly these words, and no
 * other contract has anything to say.
 */
export function describeMutations(contract: ContractId, mutations: readonly Mutation[]): void {
  describe(`${contract} finds, and no other contract does`, () => {
    test('at least ten mutations, of different kinds', () => {
      const distinct = (of: (mutation: Mutation) => unknown) => new Set(mutations.map(of)).size;
      expect(distinct(([name]) => name)).toBe(mutations.length);
      expect(distinct(([, edits]) => inspect(edits, { depth: null }))).toBe(mutations.length);
      expect(mutations.length).toBeGreaterThanOrEqual(10);
      expect(distinct(([, , code]) => code)).toBeGreaterThanOrEqual(4);
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
