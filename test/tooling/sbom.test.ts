import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { buildValidators } from '../../scripts/compiled-schemas.mjs';

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly unknown[];
}

interface Sbom {
  readonly serialNumber?: string;
  readonly metadata: { readonly timestamp?: string; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn?: readonly string[];
  }[];
}

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const sbom = readJson(join(dist, 'sbom.cdx.json')) as Sbom;
const { metadata, components, dependencies } = sbom;

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** `node_modules/@a/b/c.js` -> `@a/b 1.0.0`, by the version that is installed. */
function packageOf(path: string): string {
  const directory = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? '';
  const { name, version } = readJson(join(root, directory, 'package.json')) as Component;
  return `${name} ${version}`;
}

test('it is a CycloneDX 1.6 document', () => {
  const schemas = join(
    dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')),
    'res/schema',
  );
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const name of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json']) {
    const schema = readJson(join(schemas, name)) as object;
    ajv.addSchema(schema, `http://cyclonedx.org/schema/${name}`);
  }
  const validate = ajv.compile(
    readJson(join(schemas, 'bom-1.6.SNAPSHOT.schema.json')) as { readonly $id: string },
  );
  expect(validate(sbom), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...sbom, components: [{ name: 'without a type' }] })).toBe(false);
});

test('it lists what is in the files that are shipped, and nothing else', async () => {
  // The bundler notes above each module where it came from.
  const chunks = readdirSync(join(dist, 'chunks')).map((name) =>
    readFileSync(join(dist, 'chunks', name), 'utf8'),
  );
  const inChunks = chunks.flatMap((text) => text.match(/(?<=^\/\/ )node_modules\/.*$/gm) ?? []);
  // Validators are minified and have no such notes.
  const { metafile } = await buildValidators(root);
  const inValidators = Object.keys(metafile.inputs).filter((path) => /^node_modules\//.test(path));
  expect(inChunks.length).toBeGreaterThan(100);
  expect(inValidators).not.toEqual([]);

  const native = 'node_modules/fs-native-extensions/index.js';
  const shipped = new Set([...inChunks, ...inValidators, native].map(packageOf));
  const listed = components.map(({ group, name, version }) =>
    group === undefined ? `${name} ${version}` : `${group}/${name} ${version}`,
  );
  expect([...listed].sort()).toEqual([...shipped].sort());
});

test('every component has a version, a purl that says the same, and a licence', () => {
  for (const component of [metadata.component, ...components]) {
    const { group, name, version, purl, licenses } = component;
    const full = group === undefined ? name : `${group.replace('@', '%40')}/${name}`;
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(purl).toBe(`pkg:npm/${full}@${version}`);
    expect(component['bom-ref']).toBe(purl);
    expect(licenses).not.toEqual([]);
  }
});

test('every component is used by the program, or by one that is', () => {
  const uses = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const reached = new Set<string>();
  const reach = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    uses.get(ref)?.forEach(reach);
  };
  reach(metadata.component.purl);
  const known = [metadata.component, ...components].map(({ purl }) => purl);
  expect([...reached].sort()).toEqual([...known].sort());
});

test('it says nothing that would be another at the next build', () => {
  expect([sbom.serialNumber, metadata.timestamp]).toEqual([undefined, undefined]);
});
