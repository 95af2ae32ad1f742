import { describe, expect, test } from 'vitest';
import { deathsAt, liesAt, refusalsAt, type Fault } from '../support/failing-file-system.ts';
import { callsOf, prepare, recordTally, sweep, type Trial } from '../support/fault-sweep.ts';
import { sampled } from '../support/sweep.ts';
import { sweptOperations } from '../support/swept-operations.ts';

/** How a call that changes something, or makes it durable, goes wrong; and how many are sampled. */
const families: readonly {
  readonly name: string;
  readonly faultsAt: (at: number, call: string) => Iterable<Fault>;
  readonly sample: number;
}[] = [
  { name: 'killed', faultsAt: deathsAt, sample: 25 },
  { name: 'refused', faultsAt: refusalsAt, sample: 25 },
  { name: 'misled', faultsAt: liesAt, sample: 25 },
];

describe.each(sweptOperations)('$name', (operation) => {
  test('ends in the old or the new state, whichever writing call is killed, refused or lies', async () => {
    const prepared = await prepare(operation);
    const calls = await callsOf(prepared, { syncs: true });
    expect(calls.length).toBeGreaterThan(15);
    for (const { name, faultsAt, sample } of families) {
      const trials = calls.flatMap((call, index): Trial[] =>
        [...faultsAt(index + 1, call)].map((fault) => ({ fault, call })),
      );
      const tally = await sweep(prepared, sampled(trials, operation.isVariant ? 10 : sample), {
        syncs: true,
      });
      recordTally(`${operation.name}: ${name}`, tally);
      for (const figures of Object.values(tally)) {
        expect(figures.old).toBeGreaterThan(0);
        expect(figures.new).toBeGreaterThan(0);
      }
    }
  });
});
