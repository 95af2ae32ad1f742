import { describe, expect, test } from 'vitest';
import { blindnessAt } from '../support/failing-file-system.ts';
import { callsOf, prepare, recordTally, sweep, type Trial } from '../support/fault-sweep.ts';
import { sampled } from '../support/sweep.ts';
import { sweptOperations } from '../support/swept-operations.ts';

describe.each(sweptOperations)('$name', (operation) => {
  test('takes nothing for absent that cannot be looked at', async () => {
    const prepared = await prepare(operation);
    const calls = await callsOf(prepared, { reads: true });
    expect(calls.length).toBeGreaterThan(50);
    const trials = calls.flatMap((call, index): Trial[] =>
      [...blindnessAt(index + 1, call)].map((fault) => ({ fault, call })),
    );
    const tally = await sweep(prepared, sampled(trials, operation.isVariant ? 15 : 40), {
      reads: true,
    });
    recordTally(`${operation.name}: unreadable`, tally);
    for (const figures of Object.values(tally)) {
      expect(figures.old).toBeGreaterThan(0);
    }
  });
});
