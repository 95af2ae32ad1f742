import type { Contract, ContractId, Sample } from '../contract.ts';
import { contracts } from '../registry.ts';
import { findingsAgainst, type ContractFinding } from '../validate.ts';
import { samplePack } from './sample-pack.ts';

/** What became of one sample. */
export interface SampleResult {
  readonly contract: ContractId;
  readonly sample: string;
  /** In sentences; none for a sample that shows what it should. */
  readonly problems: readonly string[];
}

/** The samples of the contracts, and what became of each. */
export interface SelfTestRun {
  /** One of each contract's samples after the other. */
  readonly results: readonly SampleResult[];
}

/** How many packs a contract must show that it accepts, and how many that it does not. */
const leastOfEach = 2;

/**
 * Runs the samples of contracts. A contract must find in each sample what the sample says, and no
 * other contract may find anything: each rule has one owner.
 *
 * @param chosen those whose samples are run; every sample meets all contracts
 */
export function selfTest(chosen: readonly Contract[] = contracts): SampleResult[] {
  // A contract that is tried stands in for the registered one of its name.
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
    ...(finds === null || found ? [] : [`${owner} does not find ${finds}.`]),
    ...unexpected.map(
      ({ contract, code, path = '', pointer = '', message }) =>
        `${contract} finds ${code} at ${path}${pointer}: ${message}`,
    ),
  ];
}
