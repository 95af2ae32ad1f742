import { describe, expect, it } from 'vitest';
import { checkIdentityId, isIdentityId } from '../../src/core/identity-id.ts';
import { nearestFirst } from '../../src/core/nearest.ts';
import { isPlainPath } from '../../src/core/plain-path.ts';

describe('identity ids', () => {
  it.each(['store-manager', 'a1', '0-', 'x'.repeat(64)])('accepts %s', (id) => {
    expect(checkIdentityId(id)).toBe(id);
  });

  it.each(['', 'a', 'x'.repeat(65), 'Store', 'a_b', '../x', 'a/b', 'a.b', 'é1', 'ab\n'])(
    'refuses %j',
    (id) => {
      expect(isIdentityId(id)).toBe(false);
      expect(() => checkIdentityId(id)).toThrow(expect.objectContaining({ code: 'E_ID_INVALID' }));
    },
  );

  it.each(['config', 'instances', 'identity', 'identities', 'catalog'])('reserves %s', (id) => {
    expect(() => checkIdentityId(id)).toThrow(expect.objectContaining({ code: 'E_ID_RESERVED' }));
  });
});

describe('isPlainPath', () => {
  it.each(['a', 'a/b', '.agents/x', 'a b/ü', '..a/b..'])('accepts %s', (path) => {
    expect(isPlainPath(path)).toBe(true);
  });

  it.each(['', '/', '/a', 'a/', 'a//b', '.', './a', 'a/.', '..', 'a/../b', 'a\\b', 'C:/x', 'a\0'])(
    'refuses %j',
    (path) => {
      expect(isPlainPath(path)).toBe(false);
    },
  );
});

describe('nearestFirst', () => {
  it('puts the fewest edits first, then the alphabet', () => {
    expect(nearestFirst('store-manger', ['zzz', 'store-manager', 'stone-ranger', 'aaa'])).toEqual([
      'store-manager',
      'stone-ranger',
      'aaa',
      'zzz',
    ]);
  });
});
