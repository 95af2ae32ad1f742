import { describe, expect, test } from 'vitest';
import type { Contract } from '../../../src/protocol/contracts/contract.ts';
import { contracts } from '../../../src/protocol/contracts/registry.ts';
import { routing } from '../../../src/protocol/contracts/routing.ts';
import { samplePack } from '../../../src/protocol/contracts/sample-pack.ts';
import { selfTest } from '../../../src/protocol/contracts/self-test.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';

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

  test('each contract is registered once', () => {
    const ids = contracts.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
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

  test('when an invalid sample passes', () => {
    const harmless = { name: 'harmless', finds: 'ROUTING_VALUE' };
    expect(problems({ samples: [valid, valid, invalid, harmless] })).toEqual([
      'routing does not find ROUTING_VALUE.',
    ]);
  });

  test('when a valid sample is found fault with', () => {
    const found = problems({ samples: [valid, valid, invalid, { ...invalid, finds: null }] });
    expect(found).toEqual([
      'There are 1 invalid samples, not 2.',
      expect.stringContaining('routing finds ROUTING_VALUE at identity/packs/sample-identity/'),
    ]);
  });

  test('when another contract complains about a sample', () => {
    const stranger = { ...invalid, files: { 'TASK_HISTORY.md': null } };
    expect(problems({ samples: [valid, valid, invalid, stranger] })).toEqual([
      expect.stringContaining('pack-files finds PACK_FILE_MISSING'),
    ]);
  });
});
