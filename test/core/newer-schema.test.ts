import { describe, expect, it } from 'vitest';
import { refuseNewerSchema } from '../../src/core/newer-schema.ts';

const check = (schema: unknown) => () =>
  refuseNewerSchema(schema, 'identity-install/record@2', '/home/record/helper.json');

describe('refuseNewerSchema', () => {
  it.each(['identity-install/record@3', 'identity-install/record@10'])('refuses %s', (schema) => {
    expect(check(schema)).toThrow(
      expect.objectContaining({
        code: 'E_LAYOUT_NEWER',
        message: expect.stringContaining(schema),
        details: { path: '/home/record/helper.json', schema },
      }),
    );
  });

  it.each([
    'identity-install/record@2',
    'identity-install/record@1',
    'identity-install/evidence@3',
    'identity-install/record@3x',
    'identity-install/record@',
    'identity-install/record@1e9',
    'record@3',
    '',
    3,
    null,
    undefined,
  ])('leaves %j to whoever reads the document', (schema) => {
    expect(check(schema)).not.toThrow();
  });
});
