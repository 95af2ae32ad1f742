import { describe, expect, test } from 'vitest';
import { looksSecret } from '../../src/core/secret-text.ts';

describe('looksSecret', () => {
  test.each([
    ['-----BEGIN OPENSSH', 'PRIVATE KEY-----'].join(' '),
    `token ghp_${'aB3'.repeat(12)}`,
    `github_pat_${'a'.repeat(30)}`,
    `sk-proj-${'a1'.repeat(12)}`,
    `xoxb-${'1'.repeat(12)}`,
    `AKIA${'A'.repeat(16)}`,
    `AIza${'x'.repeat(35)}`,
    `eyJ${'a'.repeat(12)}.${'b'.repeat(12)}.${'c'.repeat(12)}`,
    `Authorization: Bearer ${'d'.repeat(20)}`,
    'https://me:secret@example.org/',
    'https://example.org/?access_token=abc',
  ])('sees %s', (text) => {
    expect(looksSecret(text)).toBe(true);
  });

  test.each([
    '',
    'the basic idea of a bearer of news',
    'task-skeleton-of-something-quite-long',
    'runtime/examples/night-watch-learning-2026-02-22-sample.json',
    'event:login_required|task:x|cause:web-service',
    'ssh://git@example.org/repository',
    '75cf043ac9d359286348df12556e5a94749918733b6680fd49992cb1a8c270e3',
  ])('does not take %j for one', (text) => {
    expect(looksSecret(text)).toBe(false);
  });

  // The slowest of them took minutes: what is to be judged comes from a pack.
  test.each(['x', 'a://', 'a:', '?', '?token', '&key&', 'eyJaaaaaaaa-', 'basic '])(
    'needs no time for %j, again and again',
    (piece) => {
      const text = `@${piece.repeat(300_000 / piece.length)}`;
      expect(looksSecret(text)).toBe(false);
    },
  );
});
