/**
 * Fuzzing of everything that reads what somebody else wrote. It has a room of its own, below the
 * fault sweeps and not beside each parser: all of it is one promise (refuse with a code that is
 * documented, with little effort, without control characters, or accept something sound), and the
 * full number of runs belongs to `npm run test:faults`.
 */
import { takeSteps } from '../../support/effort.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, expect } from 'vitest';
import { latinCells } from '../../../src/cli/layout/cells.ts';
import { renderError } from '../../../src/cli/render/error-text.ts';
import { styleFor } from '../../../src/cli/render/style.ts';
import { errorCodes } from '../../../src/core/error-codes.ts';
import { InstallError } from '../../../src/core/errors.ts';
import { printable } from '../../../src/core/printable.ts';
import { isFullSweep } from '../../support/sweep.ts';

export const fuzzing = {
  // The same inputs every time; `IDENTITY_FUZZ_SEED` and `IDENTITY_FUZZ_RUNS` draw others, and more.
  seed: Number(process.env['IDENTITY_FUZZ_SEED'] ?? 20261121),
  numRuns: Number(process.env['IDENTITY_FUZZ_RUNS'] ?? (isFullSweep ? 10_000 : 200)),
} as const;

let reads = 0;

/**
 * Bounds the effort of all reads of a file, on the average: an input that a reader goes over again
 * and again takes a thousand times what others do, and shows among thousands.
 */
export function boundEffort(mostSteps: number): void {
  beforeAll(() => {
    takeSteps();
  });
  afterAll(() => {
    const perRead = takeSteps() / reads;
    if (process.env['SHOW_FIGURES'] !== undefined) console.log(`${reads} reads, ${perRead} steps`);
    expect(perRead).toBeLessThan(mostSteps);
  });
}

/** What a reader accepted; undefined where it refused as it should. */
export function survive<T>(read: () => T): { readonly accepted: T } | undefined {
  reads += 1;
  try {
    return { accepted: read() };
  } catch (error) {
    expectRefusal(error);
    return undefined;
  }
}

export async function surviveLater<T>(
  read: () => Promise<T>,
): Promise<{ readonly accepted: T } | undefined> {
  reads += 1;
  try {
    return { accepted: await read() };
  } catch (error) {
    expectRefusal(error);
    return undefined;
  }
}

function expectRefusal(error: unknown): void {
  if (!(error instanceof InstallError)) throw error;
  expect(errorCodes).toHaveProperty(error.code);
  expect(error.code).not.toBe('E_BUG');
  const plainly = {
    style: styleFor(false),
    verbose: false,
    layout: { cells: latinCells },
    wording: { launcher: (program: string) => program },
  };
  for (const line of renderError(error, plainly).split('\n')) {
    expect(printable(line)).toBe(line);
  }
}

const awkward = [
  '\0',
  '\x1b[2J',
  '\r',
  '\n',
  '\u202e',
  '\u200b',
  '\ud800',
  '..',
  '-',
  '%2e',
  '@',
  ':',
  '/',
];

/** Text out of the given words, awkward characters and anything else. */
export function textOf(...words: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...words) },
    { weight: 2, arbitrary: fc.constantFrom(...awkward) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  );
  return fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
}

type Damage =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'duplicate'; readonly at: number; readonly length: number };

const place = fc.nat(1_000_000);
const length = fc.integer({ min: 1, max: 600 });

/** One to three accidents, or attacks, to happen to some bytes. */
export const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('cut' as const), at: place, length }),
    fc.record({
      kind: fc.constant('insert' as const),
      at: place,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    }),
    fc.record({ kind: fc.constant('duplicate' as const), at: place, length }),
  ),
  { minLength: 1, maxLength: 3 },
);

export function damaged(bytes: Buffer, all: readonly Damage[]): Buffer {
  return all.reduce((now, damage) => {
    const at = damage.at % (now.length + 1);
    const [head, tail] = [now.subarray(0, at), now.subarray(at)];
    switch (damage.kind) {
      case 'flip': {
        const next = Buffer.from(now);
        next[at] = (next[at] ?? 0) ^ (1 << damage.bit);
        return next;
      }
      case 'cut':
        return Buffer.concat([head, tail.subarray(damage.length)]);
      case 'insert':
        return Buffer.concat([head, damage.bytes, tail]);
      case 'duplicate':
        return Buffer.concat([head, tail.subarray(0, damage.length), tail]);
    }
  }, bytes);
}

/** JSON like that of the given document, in which one value, anywhere, is another or gone. */
export function forgedJson(document: unknown): fc.Arbitrary<Buffer> {
  return perturbed(document).map((value) =>
    Buffer.from(value === undefined ? '' : JSON.stringify(value)),
  );
}

/** A document like the given one, in which one value, anywhere, is another or gone. */
export function perturbed(document: unknown): fc.Arbitrary<unknown> {
  const values = fc.oneof(
    fc.constantFrom<unknown>(null, [], {}, '', 0, -1, 1e21, true, '../x', '/x', 'a\0b', '\x1b[2J'),
    fc.constantFrom<unknown>({ toString: 1 }, { length: 1 }, [null], [[]], 'identity-install/x@2'),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const places = placesOf(document);
  return fc
    .tuple(fc.constantFrom(...places), fc.option(values, { nil: undefined, freq: 4 }))
    .map(([where, value]) => replacedAt(document, where, value));
}

type Place = readonly string[];

function placesOf(value: unknown, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([key, item]) => placesOf(item, [...here, key]))];
}

function replacedAt(document: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (
    Array.isArray(document) ? [...(document as unknown[])] : { ...(document as object) }
  ) as Record<string, unknown>;
  const next = replacedAt(copy[key], rest, value);
  if (next === undefined) Reflect.deleteProperty(copy, key);
  else copy[key] = next;
  return copy;
}
