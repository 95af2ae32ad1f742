import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { listIdentities } from '../../../src/protocol/discovery/list-identities.ts';
import { schemaDocuments } from '../../../src/protocol/schemas.ts';
import { discoveryContext } from '../../support/discovery.ts';

const project = fileURLToPath(new URL('../../../fixtures/discovery/seed-example', import.meta.url));

test('the example of the discovery contract comes out field by field', () => {
  const response: unknown = JSON.parse(readFileSync(`${project}/response.json`, 'utf8'));
  const result = listIdentities(
    { cwds: [project], extraRoots: [], forceReload: true },
    discoveryContext(),
  );
  const data = result.data.map((listing) => ({
    ...listing,
    cwd: listing.cwd.replace(project, '/Users/me/project'),
  }));
  expect({ id: 2001, result: { data } }).toEqual(response);
});

test('its result satisfies the published schema, and without any one member it does not', () => {
  const { result } = JSON.parse(readFileSync(`${project}/response.json`, 'utf8')) as {
    result: { data: [{ identities: [Record<string, unknown>] }] };
  };
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
    schemaDocuments.get('identity-list.schema.json') ?? {},
  );
  expect(validate(result)).toBe(true);
  const [listing] = result.data;
  const [identity] = listing.identities;
  const without = (members: object, key: string): object =>
    Object.fromEntries(Object.entries(members).filter(([name]) => name !== key));
  for (const key of Object.keys(listing)) {
    expect(validate({ data: [without(listing, key)] }), key).toBe(false);
  }
  for (const key of Object.keys(identity)) {
    const identities = [without(identity, key)];
    expect(validate({ data: [{ ...listing, identities }] }), key).toBe(false);
  }
});
