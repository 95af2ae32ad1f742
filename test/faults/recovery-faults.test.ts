import { describe, expect, test } from 'vitest';
import type { JournalPhase } from '../../src/engine/journal/journal.ts';
import {
  blindnessAt,
  deathsAt,
  liesAt,
  refusalsAt,
  type Fault,
} from '../support/failing-file-system.ts';
import {
  callsAfterRefusal,
  callsOf,
  prepare,
  prepareRecovery,
  recordTally,
  sumOf,
  sweep,
  type Interruption,
  type PreparedOperation,
  type Tally,
  type Trial,
} from '../support/fault-sweep.ts';
import { isFullSweep, sampled } from '../support/sweep.ts';
import { recoveredOperations } from '../support/swept-operations.ts';

/** Interruptions that leave each kind of journal; so many of each. */
async function interruptionsOf(
  prepared: PreparedOperation,
  count: number,
): Promise<readonly (readonly [JournalPhase, readonly Interruption[]])[]> {
  const calls = await callsOf(prepared, { syncs: true });
  const callNumber = (pattern: RegExp): number => {
    const index = calls.findIndex((call) => pattern.test(call));
    expect(index, String(pattern)).toBeGreaterThan(0);
    return index + 1;
  };
  const intent = callNumber(/^rename \S+\/journal\/\S+\.new /);
  const commit = callNumber(/^writeNew \S+\/commit$/);
  const end = callNumber(/^rename \S+\/journal\/\S+ \S+\/displaced\//);
  const lastSwap = calls.findLastIndex((call) =>
    /^(?:exchange|link|rename) .*\/instances\//.test(call),
  );
  const turned = await callsAfterRefusal(prepared, lastSwap + 1);
  const abort = turned.findIndex((call) => /^writeNew \S+\/abort$/.test(call)) + 1;
  const aborted = turned.findIndex((call) =>
    /^rename \S+\/journal\/\S+ \S+\/displaced\//.test(call),
  );
  expect(abort).toBeGreaterThan(0);
  const killedAt = (from: number, to: number, refusedAt?: number): Interruption[] =>
    spread(from, to, count).map((at) => ({ killedAt: at, ...(refusedAt && { refusedAt }) }));
  return [
    ['intent', killedAt(intent, commit - 1)],
    ['commit', killedAt(commit, end - 1)],
    ['abort', killedAt(abort, aborted, lastSwap + 1)],
  ];
}

/** What each phase of a journal is in the table of figures. */
const journals: Readonly<Record<JournalPhase, string>> = {
  intent: 'intent only',
  commit: 'half-way forward',
  abort: 'half-way back',
};

/** So many whole numbers, evenly spread, both ends included. */
function spread(from: number, to: number, count: number): number[] {
  const step = (to - from) / Math.max(1, count - 1);
  return [
    ...new Set(Array.from({ length: count }, (_none, index) => Math.round(from + index * step))),
  ];
}

/** Every way in which a call of the recovery goes wrong. */
const families: readonly {
  readonly reads: boolean;
  readonly faultsAt: (at: number, call: string) => Iterable<Fault>;
}[] = [
  {
    reads: false,
    *faultsAt(at, call) {
      yield* deathsAt(at, call);
      yield* refusalsAt(at);
      yield* liesAt(at, call);
    },
  },
  { reads: true, faultsAt: blindnessAt },
];

describe.each(recoveredOperations)('recovery of $name', (operation) => {
  test('settles what an interruption left, also after any fault of its own', async () => {
    const prepared = await prepare(operation);
    const phases = await interruptionsOf(prepared, isFullSweep ? 3 : 2);
    for (const [phase, interruptions] of phases) {
      const tallies: Tally[] = [];
      for (const interruption of interruptions) {
        const recovery = await prepareRecovery(prepared, interruption, phase);
        for (const { reads, faultsAt } of families) {
          const options = { reads, syncs: true };
          const calls = await callsOf(recovery, options);
          const trials = calls.flatMap((call, index): Trial[] =>
            [...faultsAt(index + 1, call)].map((fault) => ({ fault, call })),
          );
          tallies.push(await sweep(recovery, sampled(trials, reads ? 6 : 10), options));
        }
      }
      recordTally(`recovery of ${operation.name}, ${journals[phase]}`, sumOf(tallies));
    }
  });
});
