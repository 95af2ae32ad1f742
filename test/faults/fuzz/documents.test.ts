import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../../src/core/bounded-json.ts';
import { parseYaml } from '../../../src/core/bounded-yaml.ts';
import { isPlainPath } from '../../../src/core/plain-path.ts';
import { parseRecord, serialiseRecord } from '../../../src/instance/record-file.ts';
import { parseCatalog } from '../../../src/protocol/catalog.ts';
import { editLocalCatalog } from '../../../src/protocol/edit-local-catalog.ts';
import { readLocalCatalog } from '../../../src/protocol/local-catalog.ts';
import { readPackManifest } from '../../../src/protocol/pack-manifest.ts';
import { reportPath, reportPlaces } from '../../../src/protocol/report-places.ts';
import {
  boundEffort,
  damaged,
  damages,
  forgedJson,
  fuzzing,
  perturbed,
  survive,
  textOf,
} from './survive.ts';

boundEffort(30_000);

const path = 'some.yaml';
const bytesOf = (text: string) => Buffer.from(text);

const catalogText = `# my catalog
version:   "1.0"      # aligned
default_identity: 'other'
x-tool: {a: 1,   b: [1,2]}

identities:
# first
- id: other
  title: >-
    a folded
    title
  description: &text "d: #e"
  status: active   # mine
  methodology_version: v1
  pack_path: "instances/other"
# the end
`;
const yamlWords = [
  ...['identities:\n', '- id: writer\n', '  status: active # x\n', 'default_identity: other\n'],
  ...['&a ', '*a', '<<: ', '!!map ', '? ', '| ', '>-\n', '{', '}', '[', ']', '"', "'", '# c\n'],
  ...['  ', '---\n', '...\n', '%YAML 1.1\n', ': ', '- ', 'null', '\t', '\ufeff', 'ü'],
];

/** A catalog with accidents, and text that only looks like one. */
const yaml = fc.oneof(
  damages.map((all) => damaged(bytesOf(catalogText), all)),
  textOf(...yamlWords).map(bytesOf),
  fc.tuple(fc.constant(catalogText), textOf(...yamlWords)).map((texts) => bytesOf(texts.join(''))),
);

test('a YAML document is refused, or has a value that JSON can say', () => {
  fc.assert(
    fc.property(yaml, (bytes) => {
      const read = survive(() => parseYaml(bytes, { path }));
      if (read?.accepted === undefined) return;
      expect(() => JSON.stringify(read.accepted)).not.toThrow();
    }),
    fuzzing,
  );
});

test('the catalog of a release is refused, or places its packs inside the release', () => {
  fc.assert(
    fc.property(yaml, (bytes) => {
      const read = survive(() => parseCatalog(bytes, path))?.accepted;
      for (const { id, packPath } of read?.catalog.identities ?? []) {
        expect(id).toMatch(/^[a-z0-9-]{2,64}$/);
        if (packPath !== null) expect(isPlainPath(packPath)).toBe(true);
      }
    }),
    fuzzing,
  );
});

const source = { id: 'writer', title: 'Writer: "x" # y', status: 'inactive', policy: { a: 1 } };
const registration = { source, id: 'writer', packPath: 'instances/writer' };

test('an edit of the local catalog is refused, or changes one entry and keeps every comment', () => {
  fc.assert(
    fc.property(yaml, fc.boolean(), (bytes, activates) => {
      const text = bytes.toString('utf8');
      const edits = { register: registration, ...(activates && { activate: 'writer' }) };
      const edited = survive(() => editLocalCatalog(text, edits, path))?.accepted;
      if (edited === undefined) return;
      const [before, after] = [text, edited].map((one) => readLocalCatalog(bytesOf(one), path));
      const others = (catalog: typeof before) =>
        catalog?.identities.filter(({ id }) => id !== 'writer');
      expect(others(after)).toEqual(others(before));
      expect(after?.identities.filter(({ id }) => id === 'writer')).toMatchObject([
        { packPath: 'instances/writer' },
      ]);
      expect(after?.defaultIdentity).toBe(activates ? 'writer' : (before?.defaultIdentity ?? null));
      expect(commentsOf(edited)).toEqual(expect.arrayContaining(commentsOf(text)));
      expect(editLocalCatalog(edited, edits, path), 'the same edit again').toBe(edited);
    }),
    fuzzing,
  );
});

/** Lines that are nothing but a comment, and long enough not to be damage. */
function commentsOf(text: string): string[] {
  return text.split('\n').filter((line) => /^# (?:my catalog|first|the end)$/.test(line));
}

const json = fc.oneof(
  fc.jsonValue().map((value) => bytesOf(JSON.stringify(value))),
  textOf('{', '}', '[', ']', '"', ':', ',', '1e9', '\\u', 'null', '"__proto__"', '\\').map(bytesOf),
  fc.nat(5000).map((depth) => bytesOf('['.repeat(depth))),
);

test('a JSON document is refused, or is what JSON.parse says', () => {
  fc.assert(
    fc.property(json, (bytes) => {
      const read = survive(() => parseJson(bytes, { path }));
      if (read === undefined) return;
      expect(read.accepted).toEqual(JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, '')));
    }),
    fuzzing,
  );
});

const meta = { id: 'writer', install: { shipped: ['a/**'], state: ['b'], local: ['c', '*.md'] } };

test('a pack manifest is refused, or declares nothing but lists of text', () => {
  const paths = new Set(['META.yaml']);
  const document = forgedJson(meta);
  fc.assert(
    fc.property(fc.oneof(document, yaml), (bytes) => {
      const read = survive(() => readPackManifest({ id: 'writer', paths, meta: bytes }))?.accepted;
      for (const globs of Object.values(read?.installClasses ?? {})) {
        expect(globs).toSatisfy((all: unknown[]) => all.every((one) => typeof one === 'string'));
      }
    }),
    fuzzing,
  );
});

const task = {
  gates: { install_safety_gate: 'required', install_provenance_gate: 'required' },
  install_safety_contract: { required: true, install_report_path_pattern: 'out/safe-*.json' },
  install_provenance_contract: { required: true, report_path_pattern: 'out/from-*.json' },
};

test('the contracts of a task place reports inside the instance, or nowhere', () => {
  const pattern = textOf('out/', '*', '.json', 'report-', 'a').map((text) => ({
    ...task,
    install_safety_contract: { required: true, install_report_path_pattern: text },
  }));
  fc.assert(
    fc.property(fc.oneof(perturbed(task), pattern), (document) => {
      const { places } = survive(() => reportPlaces(document))?.accepted ?? { places: [] };
      for (const place of places) {
        const report = reportPath(place.pattern, '20261120-235959-3f9a1c', 'install');
        expect(isPlainPath(report)).toBe(true);
        expect(report).toMatch(/\.json$/);
      }
    }),
    fuzzing,
  );
});

const oid = 'a'.repeat(40);
const record = {
  schema: 'identity-install/record@1',
  id: 'writer',
  instance: 'instances/writer',
  from: 'https://packs.example/packs.git',
  release: {
    url: 'https://packs.example/packs.git',
    sourceKind: 'git',
    tag: 'v1.0.0',
    tagObject: oid,
    commit: oid,
    tree: oid,
    version: '1.0.0',
  },
  files: { 'a/b': { sha256: 'b'.repeat(64), size: 3, executable: false, commit: oid } },
  reports: ['out/report.json'],
  operation: '20261120-235959-3f9a1c',
  updatedAt: '2026-11-20T23:59:59.000Z',
};

test('a record is refused, or reads the same when written again', () => {
  expect(survive(() => parseRecord(bytesOf(JSON.stringify(record)), path))).toBeDefined();
  const document = fc.oneof(
    forgedJson(record),
    damages.map((all) => damaged(bytesOf(JSON.stringify(record)), all)),
  );
  fc.assert(
    fc.property(document, (bytes) => {
      const read = survive(() => parseRecord(bytes, path))?.accepted;
      if (read === undefined) return;
      expect(Object.keys(read.files).every(isPlainPath)).toBe(true);
      expect(parseRecord(serialiseRecord(read), path)).toEqual(read);
    }),
    fuzzing,
  );
});
