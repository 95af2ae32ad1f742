import { describe, expect, test } from 'vitest';
import { redact } from '../../src/core/redact.ts';

describe('redact', () => {
  test.each([
    ['https://me:secret@example.org/x', 'https://***@example.org/x'],
    ['https://token@example.org/x', 'https://***@example.org/x'],
    ['https://me:p@ss@example.org/x', 'https://***@example.org/x'],
    ['https://me:se/cret@example.org/x', 'https://***@example.org/x'],
    [`https://me:${'t'.repeat(20_000)}@example.org/x`, 'https://***@example.org/x'],
    [`https://${'m'.repeat(20_000)}:t@example.org/x`, 'https://***@example.org/x'],
    ['git+ssh://me:secret@example.org', 'git+ssh://***@example.org'],
    ['ssh://git:secret@example.org', 'ssh://***@example.org'],
    [
      "fatal: 'https://me:secret@example.org/' is gone",
      "fatal: 'https://***@example.org/' is gone",
    ],
    ['from http://a:b@one to http://c:d@two', 'from http://***@one to http://***@two'],
    ['https://one/x,https://me:secret@two/', 'https://one/x,https://***@two/'],
    ['https://example.org/?access_token=abc&x=1', 'https://example.org/?access_token=***&x=1'],
  ])('hides the credential of %.60s', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  test.each([
    'ssh://git@example.org/x',
    'https://example.org:8080/x@y',
    'https://example.org/@scope/name',
    'me@example.org',
    '://@',
    'https://example.org',
    'a: b@c',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });
});
