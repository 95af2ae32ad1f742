import fc from 'fast-check';
import { parseTree, type Node } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { listedPerContract } from '../../../src/protocol/contracts/findings/first-findings.ts';
import { contracts } from '../../../src/protocol/contracts/registry.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { samplePhaseReport } from '../../../src/protocol/contracts/samples/sample-phase-report.ts';
import type { FileView } from '../../../src/protocol/documents/file-view.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { boundEffort, damaged, damages, forgedJson, fuzzing, survive } from './survive.ts';

boundEffort(2_000_000);

/** Every file of a pack, by its path. */
function filesOf(view: FileView, directory = ''): [path: string, bytes: Buffer][] {
  return view.list(directory).flatMap(({ name, kind }) => {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (kind === 'directory') return filesOf(view, path);
    return [[path, Buffer.from(view.read(path) ?? [])]];
  });
}

const report = 'runtime/reports/phase/p7.json';
const reported = { [report]: samplePhaseReport() };
const pack = filesOf(samplePack({ files: reported }).pack);
const around = filesOf(samplePack().catalog?.root ?? expect.fail()).filter(
  ([path]) => !path.startsWith(`${samplePack().pack.show('')}/`),
);
const documents = pack.filter(([path]) => path.endsWith('.json'));

/** One document of the pack in which a value, anywhere, is another or gone. */
const forged = fc
  .constantFrom(...documents)
  .chain(([path, bytes]) =>
    forgedJson(JSON.parse(bytes.toString())).map((forgery) => ({ files: { [path]: forgery } })),
  );

/** One file of the pack, or of what surrounds it, after an accident. */
const broken = fc.oneof(
  fc
    .tuple(fc.constantFrom(...pack), damages)
    .map(([[path, bytes], all]) => ({ files: { [path]: damaged(bytes, all) } })),
  fc
    .tuple(fc.constantFrom(...around), damages)
    .map(([[path, bytes], all]) => ({ repository: { [path]: damaged(bytes, all) } })),
);

/** What no serializer writes: JSON that is deep, huge, without a value, or after prototypes. */
const odd = [
  '[',
  '[]'.padStart(60, '[').padEnd(118, ']'),
  '['.repeat(100_000),
  '1e999',
  '-1e999',
  `1${'0'.repeat(400)}`,
  '"\\ud800"',
  `"${'x'.repeat(100_000)}"`,
  '{"__proto__": {"required": true}}',
  '{"__proto__": null, "constructor": {"prototype": []}, "toString": 1}',
  '{"required": true, "required": false}',
  `[${'{},'.repeat(10_000)}{}]`,
  `{${Array.from({ length: 10_000 }, (_none, at) => `"k${at}":0`).join()}}`,
];

/** The same in place of a value anywhere in a document. */
const strange = fc
  .constantFrom(...documents)
  .chain(([path, bytes]) =>
    fc
      .tuple(fc.nat(), fc.constantFrom(...odd))
      .map(([at, text]) => ({ files: { [path]: withText(bytes.toString(), at, text) } })),
  );

/** A file that is something else altogether. */
const other = fc
  .tuple(
    fc.constantFrom(...pack),
    fc.oneof(
      fc.constantFrom(
        '',
        '\n',
        '\ufeff',
        '\0',
        'null',
        '0',
        '""',
        '[]',
        '{}',
        '- &a [*a, *a]',
        ...odd,
      ),
      fc.constantFrom(...odd.map((text) => `${text}\n`.repeat(3))),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    ),
  )
  .map(([[path], content]) => ({ files: { [path]: Buffer.from(content) } }));

/** The document with one of its values, counted from its beginning, replaced by a text. */
function withText(document: string, at: number, text: string): Buffer {
  const tree = parseTree(document) ?? expect.fail(document);
  const values: Node[] = [tree];
  // It grows while it is gone through.
  for (const { type, children = [] } of values) {
    for (const child of children) {
      const value = type === 'object' ? child.children?.[1] : child;
      if (value !== undefined) values.push(value);
    }
  }
  const { offset, length } = values[at % values.length] ?? tree;
  return Buffer.from(document.slice(0, offset) + text + document.slice(offset + length));
}

test('whatever a pack holds, its contracts have findings with a place, and nothing throws', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.oneof(forged, broken, strange, other), fc.boolean(), (edits, installed) => {
      const subject = samplePack({
        ...edits,
        files: { ...reported, ...('files' in edits && edits.files) },
        ...(installed && { base: {} }),
      });
      const findings = survive(() => validatePack(subject))?.accepted;
      expect(findings).toBeDefined();
      for (const { id } of contracts) {
        const own = findings?.filter(({ contract }) => contract === id) ?? [];
        expect(own.length).toBeLessThanOrEqual(listedPerContract + 1);
      }
      for (const { code, path, pointer, line, message } of findings ?? []) {
        found += 1;
        expect(code).toMatch(/^[A-Z]+(?:_[A-Z]+)+$/);
        expect(path).toMatch(/^identity\//);
        expect(message).toMatch(/\.$/);
        // An empty document has a root, and no line where it would be.
        if (pointer !== undefined && pointer !== '') expect(line).toBeGreaterThan(0);
      }
    }),
    fuzzing,
  );
  expect(found).toBeGreaterThan(fuzzing.numRuns / 4);
});
