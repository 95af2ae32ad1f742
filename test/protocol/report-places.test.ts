import { describe, expect, it } from 'vitest';
import { reportPath, reportPlaces } from '../../src/protocol/report-places.ts';

describe('reportPlaces', () => {
  const safety = 'identity/runtime/examples/install/install-report-*-writer.json';
  const task = (pattern: unknown, required: unknown = true, gates: object = {}) => ({
    gates,
    install_safety_contract: { required, install_report_path_pattern: pattern },
  });

  it('takes both contracts, the same pattern twice when both say so', () => {
    const document = {
      ...task(safety),
      install_provenance_contract: { required: true, report_path_pattern: safety },
    };
    expect(reportPlaces(document)).toEqual({
      places: [
        { contract: 'install_safety_contract', pattern: safety },
        { contract: 'install_provenance_contract', pattern: safety },
      ],
      findings: [],
    });
  });

  it.each([
    [true, {}, 1],
    [false, { install_safety_gate: 'required' }, 1],
    [null, { install_safety_gate: 'optional' }, 0],
    ['true', {}, 0],
  ])('required %j, gates %j: %i place', (required, gates, count) => {
    expect(reportPlaces(task(safety, required, gates)).places).toHaveLength(count);
  });

  it.each([
    undefined,
    7,
    '',
    '/abs/*.json',
    '../*.json',
    'a/../*.json',
    'a\\*.json',
    'a/*/b.json',
    'a/*/b-*.json',
    'a/report.json',
    'a/*.txt',
    'a/[x]*.json',
    'a/?*.json',
  ])('leaves reports at home for the pattern %j', (pattern) => {
    expect(reportPlaces(task(pattern))).toMatchObject({
      places: [],
      findings: [
        {
          code: 'REPORT_PATTERN_UNUSABLE',
          severity: 'warn',
          pointer: '/install_safety_contract/install_report_path_pattern',
        },
      ],
    });
  });

  it.each([undefined, null, 'x', [], {}])('finds nothing in %j', (document) => {
    expect(reportPlaces(document)).toEqual({ places: [], findings: [] });
  });
});

describe('reportPath', () => {
  const ref = '20261120-235959-3f9a1c';

  it.each([
    ['a/*.json', 'a/z-20261120-235959-3f9a1c-install.json'],
    ['a/r-*-w.json', 'a/r-z-20261120-235959-3f9a1c-install-w.json'],
    ['a/r-*-w-*.json', 'a/r-z-20261120-235959-3f9a1c-install-w-.json'],
  ])('%s gives %s', (pattern, path) => {
    expect(reportPath(pattern, ref, 'install')).toBe(path);
  });

  it('sorts behind what releases ship, and by time', () => {
    const pattern = 'r/identity-install-w-*.json';
    const shipped = [
      '1771784141',
      'verify-1771785304-996',
      'verify-bootstrap-04',
      'plan-bootstrap-01',
    ];
    const names = [
      ...shipped.map((name) => pattern.replace('*', name)).sort(),
      reportPath(pattern, '20261120-235959-ffffff', 'verify'),
      reportPath(pattern, '20261121-000000-000000', 'install'),
    ];
    expect([...names].sort()).toEqual(names);
  });
});
