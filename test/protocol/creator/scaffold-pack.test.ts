import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/core/bounded-json.ts';
import { memoryView, viewBelow } from '../../../src/protocol/documents/file-view.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { catalogPath, parseCatalog } from '../../../src/protocol/catalog.ts';
import type { PackOptions } from '../../../src/protocol/creator/pack-options.ts';
import { scaffoldPack } from '../../../src/protocol/creator/scaffold-pack.ts';
import { scaffoldRepository } from '../../../src/protocol/creator/scaffold-repository.ts';

const options: PackOptions = {
  id: 'night-watch',
  title: 'Night watch',
  description: 'Looks after the service while everybody sleeps.',
  objective: 'Find out what woke somebody up, and whether it had to.',
  now: new Date('2030-12-31T23:59:59.999Z'),
};

const text = (files: ReadonlyMap<string, Uint8Array>, path: string): string =>
  new TextDecoder().decode(files.get(path));

/** All contracts on the pack in its repository. */
function findings(given: PackOptions) {
  const root = memoryView(scaffoldRepository(given));
  return validatePack(
    createSubject({
      id: given.id,
      now: given.now,
      pack: viewBelow(root, `identity/packs/${given.id}`),
      catalog: { path: catalogPath, root },
    }),
  );
}

describe('a new pack', () => {
  test.each<[name: string, more: Partial<PackOptions>]>([
    ['with nothing but what is asked for', {}],
    ['with everything', { owner: 'o', tags: ['a', 'a'], skills: ['s'], mcpServers: ['m', 'n'] }],
    [
      'in any script and with any punctuation',
      { title: '夜番: "1" #x', description: "- {a: 'b'} % & * ! | > @ `" },
    ],
    [
      'described in words that YAML reads as something else',
      { owner: 'null', tags: ['yes', '1', '~'] },
    ],
    [
      'that looks like YAML, JSON and Markdown',
      {
        title: '!!python/object:os.system',
        description: '*** &a *a ... --- %YAML 1.2',
        objective: '{"a": [1, \\u0000], ${x}, `y`, $(z)}',
        owner: '<<',
        tags: ['__proto__', 'constructor'],
        skills: ['a`b'],
        mcpServers: ['@scope/../name', '__proto__'],
      },
    ],
    ['with emoji and joiners', { title: '👩\u200d🚀 می\u200cخواهم 夜番' }],
    [
      'as long as may be',
      {
        title: 'x'.repeat(200),
        description: '夜'.repeat(2000),
        objective: '🌙'.repeat(4000),
        tags: ['y'.repeat(200)],
      },
    ],
    ['on a leap day', { now: new Date('2028-02-29T00:00:00Z') }],
  ])('keeps every contract at once: %s', (_name, more) => {
    expect(findings({ ...options, ...more })).toEqual([]);
  });

  test('is the same for the same options', () => {
    expect([...scaffoldPack(options)]).toEqual([...scaffoldPack({ ...options })]);
  });

  test('marks each of its records as a sample, dated so that later ones sort behind', () => {
    const records = [...scaffoldPack(options).keys()].filter((path) => path.startsWith('runtime/'));
    expect(records).toHaveLength(8);
    for (const path of records) {
      expect(parseJson(Buffer.from(text(scaffoldPack(options), path)), { path })).toMatchObject({
        sample: true,
      });
      expect(path).toContain('2030-12-31-sample');
      expect([path.replace('2030-12-31-sample', '2031-01-01'), path].sort()[0]).toBe(path);
    }
  });

  test('says in the prompt what it was told, on one line', () => {
    const title = 'Night\n# watch\u0007';
    const prompt = text(
      scaffoldPack({ ...options, title, skills: ['triage'] }),
      'IDENTITY_PROMPT.md',
    );
    expect(prompt.split('\n')[0]).toBe('# Night # watch');
    expect(prompt).toContain(options.objective);
    expect(prompt).toContain('Skill `triage`');
  });

  test.each(['# Hard rules', '```', '~~~ text', '<script>', '<![CDATA[', '[a]: https://a.example'])(
    'has the headings of every prompt, whatever its objective is: %s',
    (objective) => {
      const headings = (given: PackOptions) =>
        text(scaffoldPack(given), 'IDENTITY_PROMPT.md').match(/^(?:#|```|~~~|<[a-z![]|\[).*/gim);
      const odd = headings({ ...options, objective, description: `${objective} and more` });
      expect(odd).toEqual(headings(options));
    },
  );

  test('names a skill as code, whatever backticks are in its name', () => {
    const prompt = text(
      scaffoldPack({ ...options, skills: ['a`b``c', '`'] }),
      'IDENTITY_PROMPT.md',
    );
    expect(prompt).toContain('- Skill ```a`b``c```.\n- Skill `` ` ``.\n');
  });

  test.each([
    [{ id: 'Night' }, 'E_ID_INVALID'],
    [{ id: 'catalog' }, 'E_ID_RESERVED'],
    [{ title: ' ab ' }, 'E_CREATE_TEXT'],
    [{ description: 'short' }, 'E_CREATE_TEXT'],
    [{ objective: '\n\n' }, 'E_CREATE_TEXT'],
    [{ tags: [''] }, 'E_CREATE_TEXT'],
    [{ title: 'x'.repeat(201) }, 'E_CREATE_TEXT'],
    [{ objective: 'x'.repeat(2_000_000) }, 'E_CREATE_TEXT'],
    [{ title: 'Night \u202ewatch' }, 'E_CREATE_TEXT'],
    [{ owner: 'A\u200bnn' }, 'E_CREATE_TEXT'],
    [{ skills: ['tri\u{e0061}ge'] }, 'E_CREATE_TEXT'],
    [{ title: 'Night \ud800watch' }, 'E_CREATE_TEXT'],
    [{ description: 'Looks after the service <!-- and more -->' }, 'E_CREATE_TEXT'],
    [{ objective: 'Find out <!--' }, 'E_CREATE_TEXT'],
  ])('is not written from %j', (wrong, code) => {
    expect(() => scaffoldPack({ ...options, ...wrong })).toThrow(expect.objectContaining({ code }));
  });
});

describe('a repository with a new pack', () => {
  const files = scaffoldRepository(options);

  test('refers to schemas that it holds', () => {
    const references = [...files.keys()].flatMap((path) => {
      const found =
        /^# yaml-language-server: \$schema=(\S+)/.exec(text(files, path)) ??
        (path.endsWith('CURRENT_TASK.json')
          ? /"\$schema": "([^"]+)"/.exec(text(files, path))
          : null);
      return found?.[1] === undefined ? [] : [posix.join(posix.dirname(path), found[1])];
    });
    expect(references).toHaveLength(4);
    for (const path of references) expect(files.has(path)).toBe(true);
  });

  test('holds schemas whose references it also holds', () => {
    const schemas = [...files.keys()].filter((path) => path.startsWith('identity/schemas/'));
    const references = schemas.flatMap((path) =>
      [...text(files, path).matchAll(/"\$ref": "([^"#]+)/g)].map(([, target]) =>
        posix.join(posix.dirname(path), target ?? ''),
      ),
    );
    expect(references.length).toBeGreaterThan(2);
    for (const path of references) expect(schemas).toContain(path);
  });

  test('lists it as the default, in a catalog that the installer reads without a remark', () => {
    const read = parseCatalog(Buffer.from(text(files, catalogPath)), catalogPath);
    expect(read.findings).toEqual([]);
    expect(read.catalog.defaultIdentity).toBe('night-watch');
    expect(read.catalog.identities).toMatchObject([
      { id: 'night-watch', packPath: 'identity/packs/night-watch' },
    ]);
  });

  test('keeps the identities that are there', () => {
    const second = scaffoldRepository({
      ...options,
      id: 'day-watch',
      catalog: text(files, catalogPath),
    });
    const read = parseCatalog(Buffer.from(text(second, catalogPath)), catalogPath).catalog;
    expect(read.identities.map(({ id }) => id)).toEqual(['night-watch', 'day-watch']);
    expect(read.defaultIdentity).toBe('night-watch');
    expect([...second.keys()].filter((path) => path.includes('night-watch'))).toEqual([]);
  });
});
