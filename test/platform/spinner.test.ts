import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSpinnerProgress, type Spinner } from '../../src/platform/spinner.ts';

class FakeSpinner implements Spinner {
  text = '';
  running = false;
  start(): void {
    this.running = true;
  }
  stop(): void {
    this.running = false;
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function started(errIsTerminal = true) {
  const spinner = new FakeSpinner();
  const load = vi.fn(async () => spinner);
  const terminal = { errIsTerminal, colour: false };
  return { spinner, load, progress: createSpinnerProgress({ terminal, load }) };
}

test('work that is done within half a second loads nothing', async () => {
  const { load, progress } = started();
  progress.step('reading');
  await vi.advanceTimersByTimeAsync(499);
  progress.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).not.toHaveBeenCalled();
});

test('longer work shows its step and how far it is', async () => {
  const { spinner, load, progress } = started();
  progress.step('reading', 57);
  progress.advance(3);
  await vi.advanceTimersByTimeAsync(500);
  expect(spinner).toMatchObject({ running: true, text: 'reading 3/57' });
  progress.advance(4);
  expect(spinner.text).toBe('reading 4/57');
  progress.step('hashing \u001b[31m');
  expect(spinner.text).toBe('hashing \\u{1b}[31m');
  progress.advance(5);
  expect(spinner.text).toBe('hashing \\u{1b}[31m 5');
  progress.stop();
  expect(spinner.running).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).toHaveBeenCalledOnce();
});

test('without a terminal nothing is loaded', async () => {
  const { load, progress } = started(false);
  progress.step('reading');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).not.toHaveBeenCalled();
});

test('a spinner that arrives after the end stays away', async () => {
  const spinner = new FakeSpinner();
  let arrive: (spinner: Spinner) => void = () => undefined;
  const arrival = new Promise<Spinner>((resolve) => (arrive = resolve));
  const terminal = { errIsTerminal: true, colour: false };
  const progress = createSpinnerProgress({ terminal, load: () => arrival });
  progress.step('reading');
  await vi.advanceTimersByTimeAsync(500);
  progress.stop();
  arrive(spinner);
  await vi.advanceTimersByTimeAsync(10);
  expect(spinner.running).toBe(false);
});

test('a spinner that cannot be loaded ends nothing', async () => {
  const terminal = { errIsTerminal: true, colour: false };
  const load = vi.fn(() => Promise.reject(new Error('missing')));
  const progress = createSpinnerProgress({ terminal, load });
  progress.step('reading');
  await vi.advanceTimersByTimeAsync(500);
  expect(load).toHaveBeenCalledOnce();
  progress.advance(1);
  progress.stop();
});

test.each([
  [0, 'is not used on a terminal without a width, where it never ends'],
  [80, 'is used on any other'],
])('with %i columns ora %s', async (columns) => {
  const stderr = process.stderr as { columns?: number };
  const before = stderr.columns;
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  stderr.columns = columns;
  try {
    const progress = createSpinnerProgress({ terminal: { errIsTerminal: true, colour: false } });
    progress.step('reading');
    await vi.advanceTimersByTimeAsync(500);
    // It is loaded in real time, which is over when it is there for us too.
    await import('ora');
    await vi.advanceTimersByTimeAsync(500);
    progress.stop();
    expect(write.mock.calls.length > 0).toBe(columns > 0);
  } finally {
    write.mockRestore();
    if (before === undefined) delete stderr.columns;
    else stderr.columns = before;
  }
});
