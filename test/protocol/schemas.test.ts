import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parseYaml } from '../../src/core/bounded-yaml.ts';
import { schemaDocuments } from '../../src/protocol/schemas.ts';
import { samplePack } from '../../src/protocol/contracts/samples/sample-pack.ts';

const directory = join(import.meta.dirname, '..', '..', 'schemas');
/** Those of packs; those of results belong to the commands (test/cli/commands/registry.test.ts). */
const onDisk = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json') && !path.startsWith('results'))
  .sort();

/** As an editor does it: every schema under its path, references resolved between them. */
function validator(path: string): (value: unknown) => boolean {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  for (const [name, schema] of schemaDocuments) ajv.addSchema(schema, name);
  return (value) => ajv.validate<unknown>(path, value);
}

describe('the schemas', () => {
  test('are all known to the program', () => {
    expect([...schemaDocuments.keys()]).toEqual(onDisk);
    for (const [path, schema] of schemaDocuments) {
      expect(schema).toEqual(JSON.parse(readFileSync(join(directory, path), 'utf8')));
    }
  });

  test('name their dialect and say what they are for', () => {
    for (const schema of schemaDocuments.values()) {
      expect(schema).toMatchObject({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: expect.any(String),
        description: expect.any(String),
      });
    }
  });

  test('of contracts say in words what each of their patterns asks for, since findings quote it', () => {
    const wordless = (schema: unknown): unknown[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      const { pattern, description } = schema as Record<string, unknown>;
      const own = typeof pattern === 'string' && !/^An? .+\.$/.test(String(description));
      return [...(own ? [schema] : []), ...Object.values(schema).flatMap(wordless)];
    };
    for (const [path, schema] of schemaDocuments) {
      if (path.startsWith('contracts/')) expect([path, wordless(schema)]).toEqual([path, []]);
    }
  });

  test('of blocks of CURRENT_TASK.json are part of the one that editors use', () => {
    const blocks = [...schemaDocuments].filter(([path, { title }]) => {
      return path.startsWith('contracts/') && /^[a-z_]+$/.test(String(title));
    });
    expect(blocks.length).toBeGreaterThan(0);
    expect(schemaDocuments.get('current-task.schema.json')?.['properties']).toEqual(
      Object.fromEntries(blocks.map(([path, { title }]) => [title, { $ref: path }])),
    );
  });

  test('accept what the creator writes, and reject what it would not', () => {
    const { pack, catalog } = samplePack();
    const yaml = (bytes: Uint8Array | undefined, path: string): Record<string, unknown> =>
      parseYaml(bytes ?? Buffer.from(''), { path }) as Record<string, unknown>;
    const documents: [schema: string, value: Record<string, unknown>, broken: object][] = [
      [
        'current-task.schema.json',
        samplePack().task?.value as Record<string, unknown>,
        { routing_contract: { auto_route_enabled: false } },
      ],
      ['contracts/meta.schema.json', yaml(pack.read('META.yaml'), 'META.yaml'), { id: 1 }],
      [
        'agent.schema.json',
        yaml(pack.read('agents/identity.yaml'), 'identity.yaml'),
        { policy: { activation_priority: 101 } },
      ],
      [
        'contracts/catalog.schema.json',
        yaml(catalog?.root.read(catalog.path), 'identities.yaml'),
        { identities: [] },
      ],
    ];
    for (const [schema, value, broken] of documents) {
      const accepts = validator(schema);
      expect([schema, accepts(value)]).toEqual([schema, true]);
      expect([schema, accepts({ ...value, ...broken })]).toEqual([schema, false]);
    }
  });
});
