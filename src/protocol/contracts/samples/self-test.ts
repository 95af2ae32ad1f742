import type { Contract, ContractId, Sample } from '../contract.ts';
import { contracts } from '../registry.ts';
import { findingsAgainst, type ContractFinding } from '../validate.ts';
import { samplePack } from './sample-pack.ts';

/** The result of one sample. */
export interface SampleResult {
  readonly contract: ContractId;
  readonly sample: string;
  /** In sentences; empty for a sample that shows what it should. */
  readonly problems: readonly string[];
}

/** The samples of the contracts, and their results. */
export interface SelfTestRun {
  /** One entry for each sample of each contract. */
  readonly results: readonly SampleResult[];
}

/** How many accepted packs a contract must show, and how many rejected ones. */
const leastOfEach = 2;

/**
 * Runs the samples of contracts. A contract must report in each sample what the sample says, and no
 * other contract may report anything: each rule has one owner.
 *
 * @param chosen those whose samples are run; every sample meets all contracts
 */
export function selfTest(chosen: readonly Contract[] = contracts): SampleResult[] {
  // A contract that is tried replaces the registered one with the same name.
  const all = contracts.map((contract) => chosen.find(({ id }) => id === contract.id) ?? contract);
  return chosen.flatMap((contract) => [
    enoughSamples(contract),
    ...contract.samples.map((sample) => ({
      contract: contract.id,
      sample: sample.name,
      problems: problemsOf(sample, contract.id, findingsAgainst(all, samplePack(sample))),
    })),
  ]);
}

function enoughSamples({ id, samples }: Contract): SampleResult {
  const valid = samples.filter(({ finds }) => finds === null).length;
  const short = (kind: string, count: number): string[] =>
    count >= leastOfEach ? [] : [`There are ${count} ${kind} samples, not ${leastOfEach}.`];
  return {
    contract: id,
    sample: 'enough samples of each kind',
    problems: [...short('valid', valid), ...short('invalid', samples.length - valid)],
  };
}

function problemsOf(
  { finds }: Sample,
  owner: ContractId,
  findings: readonly ContractFinding[],
): string[] {
  const found = findings.some(({ contract, code }) => contract === owner && code === finds);
  const unexpected = findings.filter(({ contract, code }) => contract !== owner || code !== finds);
  return [
    ...(finds === null || found ? [] : [`${owner} does not report ${finds}.`]),
    ...unexpected.map(
      ({ contract, code, path = '', pointer = '', message }) =>
        `${contract} reports ${code} at ${path}${pointer}: ${message}`,
    ),
  ];
}
