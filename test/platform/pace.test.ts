import { expect, test } from 'vitest';
import { createPacer } from '../../src/platform/pace.ts';
import { createFixedClock } from '../support/fixed-clock.ts';

test('within a slice there is no pause', () => {
  const clock = createFixedClock();
  const pacer = createPacer({ clock });
  for (let item = 0; item < 1000; item += 1) expect(pacer.breathe()).toBeUndefined();
  clock.advance(29);
  expect(pacer.breathe()).toBeUndefined();
});

test('after a slice the event loop has its turn, and a new slice begins', async () => {
  const clock = createFixedClock();
  const pacer = createPacer({ clock });
  clock.advance(30);
  let turned = false;
  setImmediate(() => (turned = true));
  const pause = pacer.breathe();
  expect(turned).toBe(false);
  await pause;
  expect(turned).toBe(true);
  expect(pacer.breathe()).toBeUndefined();
});

test('an aborted run stops at the next item', () => {
  const controller = new AbortController();
  const pacer = createPacer({ clock: createFixedClock(), signal: controller.signal });
  expect(pacer.breathe()).toBeUndefined();
  controller.abort(new Error('SIGTERM'));
  expect(() => pacer.breathe()).toThrow(
    expect.objectContaining({ code: 'E_INTERRUPTED', cause: new Error('SIGTERM') }),
  );
});

test('a run that is aborted while it pauses stops there', async () => {
  const controller = new AbortController();
  const clock = createFixedClock();
  const pacer = createPacer({ clock, signal: controller.signal });
  clock.advance(30);
  setImmediate(() => controller.abort());
  await expect(pacer.breathe()).rejects.toMatchObject({ code: 'E_INTERRUPTED' });
});
