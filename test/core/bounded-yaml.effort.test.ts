import { growthOf } from '../support/effort.ts';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/core/bounded-yaml.ts';
import { InstallError } from '../../src/core/errors.ts';

const path = 'identity/catalog/identities.yaml';

describe('parseYaml', () => {
  it.each([
    ['anchors', (n: number) => '- &a x\n'.repeat(n)],
    ['quotes', (n: number) => `a: ${"'".repeat(n * 2 + 1)}`],
    ['spaces', (n: number) => `a:${' '.repeat(n * 8)}b`],
    ['blank lines', (n: number) => `a: |\n${'\n'.repeat(n * 8)}b`],
    ['colons', (n: number) => `a${':'.repeat(n * 8)}`],
    ['plain lines', (n: number) => `a:\n${' x\n'.repeat(n)}`],
    ['comments', (n: number) => '# x\n'.repeat(n)],
    ['indicators', (n: number) => '-\n'.repeat(n)],
    ['tags', (n: number) => `!${'a'.repeat(n * 8)} x`],
    ['short tags', (n: number) => `- !${'a'.repeat(1000)} x\n`.repeat(n / 64)],
    ['anchors, long', (n: number) => `&${'a'.repeat(n)} x`],
    ['aliases, long', (n: number) => `*${'a'.repeat(n)}`],
    ['bangs', (n: number) => `${'!'.repeat(1000)} `.repeat(n / 64)],
    ['escapes', (n: number) => `"${'\\x41'.repeat(n)}"`],
    ['folded lines', (n: number) => `"${'a\n '.repeat(n)}"`],
    ['flow items', (n: number) => `[${'a, '.repeat(n)}]`],
    ['empty flow pairs', (n: number) => `{${'? , '.repeat(n)}}`],
    ['keys', (n: number) => Array.from({ length: n }, (_x, i) => `k${i}: v`).join('\n')],
    ['long key', (n: number) => `${'a '.repeat(n)}: x`],
    ['dashes', (n: number) => '-'.repeat(n)],
    ['brackets in text', (n: number) => `a ${'[ '.repeat(n)}`],
    ['directives', (n: number) => `${'%TAG !a! x\n'.repeat(n)}--- a`],
  ])('takes twice the effort for twice the flood of %s', (_name, flood) => {
    const growth = growthOf((times) => {
      try {
        parseYaml(Buffer.from(flood(times * 3200)), { path });
      } catch (error) {
        if (!(error instanceof InstallError)) throw error;
      }
    });
    expect(growth).toBeLessThan(2.5);
  });
});
