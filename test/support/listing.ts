import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { listIdentities } from '../../src/protocol/discovery/list-identities.ts';
import type { Listing } from '../../src/protocol/discovery/listing.ts';
import { schemaDocuments } from '../../src/protocol/schemas.ts';
import { discoveryContext } from './discovery.ts';

const satisfiesSchema = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  schemaDocuments.get('identity-list.schema.json') ?? {},
);

/** What one directory finds, which has the published shape whatever it meets. */
export function list(
  cwd: string,
  extraRoots: readonly string[] = [],
  context = discoveryContext(),
): Listing {
  const result = listIdentities({ cwds: [cwd], extraRoots }, context);
  expect(satisfiesSchema(result), JSON.stringify(satisfiesSchema.errors)).toBe(true);
  return result.data[0]!;
}

export const idsOf = ({ identities }: Listing): string[] => identities.map(({ id }) => id);
export const codesOf = ({ errors }: Listing): string[] =>
  errors.map(({ code, severity }) => `${severity} ${code}`);
