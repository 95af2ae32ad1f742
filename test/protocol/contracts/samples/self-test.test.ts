import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validate } from '../../../../src/cli/commands/validate/command.ts';
import { contractIds, type Contract } from '../../../../src/protocol/contracts/contract.ts';
import { contracts } from '../../../../src/protocol/contracts/registry.ts';
import { routing } from '../../../../src/protocol/contracts/routing.ts';
import { samplePack } from '../../../../src/protocol/contracts/samples/sample-pack.ts';
import { selfTest } from '../../../../src/protocol/contracts/samples/self-test.ts';
import { validatePack } from '../../../../src/protocol/contracts/validate.ts';

describe('every sample shows what it should', () => {
  test('the valid pack passes all contracts', () => {
    expect(validatePack(samplePack())).toEqual([]);
    expect(validatePack(samplePack({ base: {} }))).toEqual([]);
  });

  test.each(selfTest().map((result) => [result.contract, result.sample, result.problems] as const))(
    '%s: %s',
    (_contract, _sample, problems) => {
      expect(problems).toEqual([]);
    },
  );

  test('each contract is registered once, and none is left out', () => {
    expect(contracts.map(({ id }) => id)).toEqual(contractIds);
    expect([...new Set(selfTest().map(({ contract }) => contract))]).toEqual(contractIds);
  });

  test.each(contractIds)('%s has a test of mutations that no other contract finds', (id) => {
    const text = readFileSync(join(import.meta.dirname, '..', `${id}.test.ts`), 'utf8');
    expect(text).toContain(`describeMutations('${id}', [`);
  });
});

describe('the self-test fails', () => {
  const problems = (changes: Partial<Contract>): readonly string[] =>
    selfTest([{ ...routing, ...changes }]).flatMap((result) => result.problems);
  const [valid, , invalid] = routing.samples;
  if (valid === undefined || invalid === undefined) throw new Error('routing has both kinds');

  test('for a contract with too few samples of a kind', () => {
    expect(problems({ samples: [valid, valid, invalid] })).toEqual([
      'There are 1 invalid samples, not 2.',
    ]);
    expect(problems({ samples: [valid, invalid, invalid] })).toEqual([
      'There are 1 valid samples, not 2.',
    ]);
  });

  test('with exit code 1 when a contract accepts everything', () => {
    for (const contract of contracts) {
      const results = selfTest([{ ...contract, check: () => [] }]);
      const invalid = contract.samples.filter(({ finds }) => finds !== null);
      expect(results.flatMap((result) => result.problems)).toEqual(
        invalid.map(({ finds }) => `${contract.id} does not report ${finds}.`),
      );
      expect(validate.exitCode({ results }, { kind: 'self-test', contracts: [] })).toBe(1);
    }
    expect(validate.exitCode({ results: selfTest() }, { kind: 'self-test', contracts: [] })).toBe(
      0,
    );
  });

  test('when an invalid sample passes', () => {
    const harmless = { name: 'harmless', finds: 'ROUTING_VALUE' };
    expect(problems({ samples: [valid, valid, invalid, harmless] })).toEqual([
      'routing does not report ROUTING_VALUE.',
    ]);
  });

  test('when a valid sample is found fault with', () => {
    const found = problems({ samples: [valid, valid, invalid, { ...invalid, finds: null }] });
    expect(found).toEqual([
      'There are 1 invalid samples, not 2.',
      expect.stringContaining('routing reports ROUTING_VALUE at identity/packs/sample-identity/'),
    ]);
  });

  test('when another contract complains about a sample', () => {
    const stranger = { ...invalid, files: { 'TASK_HISTORY.md': null } };
    expect(problems({ samples: [valid, valid, invalid, stranger] })).toEqual([
      expect.stringContaining('pack-files reports PACK_FILE_MISSING'),
    ]);
  });
});
