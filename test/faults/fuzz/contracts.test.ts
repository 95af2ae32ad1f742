import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FileView } from '../../../src/protocol/documents/file-view.ts';
import { samplePack } from '../../../src/protocol/contracts/samples/sample-pack.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';
import { damaged, damages, forgedJson, fuzzing, survive } from './survive.ts';

/** Every file of a pack, by its path. */
function filesOf(view: FileView, directory = ''): [path: string, bytes: Buffer][] {
  return view.list(directory).flatMap(({ name, kind }) => {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (kind === 'directory') return filesOf(view, path);
    return [[path, Buffer.from(view.read(path) ?? [])]];
  });
}

const files = filesOf(samplePack().pack);
const documents = files.filter(([path]) => path.endsWith('.json'));

/** One document of the pack in which a value, anywhere, is another or gone. */
const forged = fc
  .constantFrom(...documents)
  .chain(([path, bytes]) =>
    forgedJson(JSON.parse(bytes.toString())).map((forgery) => ({ [path]: forgery })),
  );

/** One file of the pack after an accident. */
const broken = fc
  .tuple(fc.constantFrom(...files), damages)
  .map(([[path, bytes], all]) => ({ [path]: damaged(bytes, all) }));

test('whatever a pack holds, its contracts have findings with a place, and nothing throws', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.oneof(forged, broken), fc.boolean(), (edits, installed) => {
      const subject = samplePack({ files: edits, ...(installed && { base: {} }) });
      const findings = survive(() => validatePack(subject))?.accepted;
      expect(findings).toBeDefined();
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
