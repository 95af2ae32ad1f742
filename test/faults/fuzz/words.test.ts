import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkIdentityId } from '../../../src/core/identity-id.ts';
import { isOperationRef } from '../../../src/core/operation-ref.ts';
import { operationsOf, resolveReference } from '../../../src/engine/trail/history.ts';
import type { LedgerEntry } from '../../../src/engine/trail/ledger.ts';
import { compileGlob, globProblem } from '../../../src/core/glob.ts';
import { remoteOf } from '../../../src/release/source.ts';
import { parseSource } from '../../../src/release/parse-source.ts';
import { parseSelector, versionOfTag } from '../../../src/release/tag.ts';
import { environmentOf } from '../../support/environment.ts';
import { createMemoryFileSystem } from '../../support/memory-file-system.ts';
import { boundEffort, fuzzing, survive, textOf } from './survive.ts';

boundEffort(1_000);

const sourceText = textOf(
  ...['https://', 'http://', 'ssh://', 'git://', 'file://', 'ext::', 'fd::7', 'HTTPS://', 'git@'],
  ...['github.com', 'host.example', ':22', '/path', 'owner/repo', '.git', 'user:secret@', '[::1]'],
  ...['-oProxyCommand=x', '--upload-pack=x', '~/', './', '?x', '#x', 'starter', 'C:\\', '%0a'],
);

test('a source is refused with a code, or means one safe address, the same when given again', () => {
  const fs = createMemoryFileSystem({ '/home/ann/code': null });
  const environment = environmentOf();
  const read = (text: string) => parseSource(text, { fs, environment });
  fc.assert(
    fc.property(sourceText, (text) => {
      const found = survive(() => read(text))?.accepted;
      if (found === undefined) return;
      expect(read(found.url)).toEqual(found);
      const { address, reach } = remoteOf(found) ?? { address: found.url, reach: 'local' };
      if (reach === 'network') {
        expect(address).toMatch(/^(?:https:\/\/|ssh:\/\/)?(?:[A-Za-z0-9_][\w.-]*@)?[A-Za-z0-9[]/);
        expect(address).not.toMatch(
          /^[\w+.-]*::|^(?:\w+:\/\/)?[^@/]*:[^@/]*@|%(?:0|2e|2f)|\/\.\.(?:\/|$)|\s/i,
        );
      } else expect(address).toMatch(/^\//);
    }),
    fuzzing,
  );
});

test('a selector is refused with a code, or is a version, a range or a commit', () => {
  const words = [
    'v',
    '1.2.3',
    '0',
    '-rc.1',
    '+b',
    '^',
    '~',
    '>=',
    '<',
    ' || ',
    ' - ',
    'x',
    '*',
    'abcdef0',
  ];
  fc.assert(
    fc.property(textOf(...words), (text) => {
      const selector = survive(() => parseSelector(text))?.accepted;
      if (selector?.kind === 'commit') expect(selector.prefix).toMatch(/^[0-9a-f]{7,64}$/);
      if (selector?.kind === 'version') expect(versionOfTag(text)).toBe(selector.version);
      if (selector !== undefined) expect(text).toMatch(/^[0-9A-Za-z.+*^~<>=| -]+$/);
    }),
    fuzzing,
  );
});

test('an id is refused with a code, or is a plain name that no directory of the home has', () => {
  fc.assert(
    fc.property(textOf('writer', 'config', 'instances', 'A', 'ß', '_', '9'), (text) => {
      const id = survive(() => checkIdentityId(text))?.accepted;
      if (id === undefined) return;
      expect(id).toBe(text);
      expect(id).toMatch(/^[a-z0-9-]{2,64}$/);
      expect(['config', 'instances', 'identity', 'identities', 'catalog']).not.toContain(id);
    }),
    fuzzing,
  );
});

function lineOf(ref: string, id: string, run: string): LedgerEntry {
  const at = '2026-11-20T23:59:59.000Z';
  const said = { operation: 'install', outcome: 'done', at, summary: '', undoes: null } as const;
  return { ...said, ref, run_id: run, identity_id: id, evidence_sha256: '', previous: '' };
}

test('a reference names operations of the ledger, all by what it says, or is refused', () => {
  const lines = [
    lineOf('20261120-235959-3f9a1c', 'writer', 'run-20261120-235958-000001'),
    lineOf('20261121-000000-3f9a1d', 'reader', 'run-20261120-235958-000001'),
    lineOf('20261121-000001-000000', 'writer', 'run-20261121-000001-000002'),
  ];
  const operations = operationsOf(lines);
  const words = ['last', '@last', 'writer', 'reader', '2026', '1120', '-235959', '-3f9a1c', 'run-'];
  fc.assert(
    fc.property(textOf(...words, ...lines.flatMap((line) => [line.ref, line.run_id])), (text) => {
      const named = survive(() => resolveReference(operations, text, '/home'))?.accepted;
      if (named === undefined) return;
      expect(named.length).toBeGreaterThan(0);
      expect(named.every(({ ref }) => isOperationRef(ref))).toBe(true);
      const { ref, run_id, identity_id } = named[0] ?? lineOf('', '', '');
      const says = [
        ref.startsWith(text),
        text === run_id,
        text === 'last',
        text === `${identity_id}@last`,
      ];
      expect(says).toContain(true);
    }),
    fuzzing,
  );
});

test('a glob has a problem, or matches paths in time and only below its literal beginning', () => {
  const words = [
    '*',
    '**',
    '/',
    'a',
    'b',
    '?',
    '{a,b}',
    '{',
    '}',
    '[',
    ']',
    '[^a]',
    '!',
    '(',
    ')',
    '+',
    '@',
  ];
  const path = fc.array(fc.constantFrom('a', 'b', '.x', 'aaaaaaaaaaaaaaaaaaaaaaaab', '{a', '!'), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(textOf(...words), path, (glob, parts) => {
      const matches = survive(() =>
        globProblem(glob) === undefined ? compileGlob(glob)(parts.join('/')) : undefined,
      )?.accepted;
      const [, literal] = /^([a-z]+)\//.exec(glob) ?? [];
      if (matches === true && literal !== undefined) expect(parts[0]).toBe(literal);
    }),
    fuzzing,
  );
});
