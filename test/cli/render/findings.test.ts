import { describe, expect, it } from 'vitest';
import { renderFindings } from '../../../src/cli/render/findings.ts';
import { renderSelfTest } from '../../../src/cli/render/self-test-text.ts';
import { context } from '../../support/install-samples.ts';
import { finding, validation } from '../../support/validate-samples.ts';

describe('findings for people', () => {
  it('stand below their identity and contract, with a place that an editor opens', () => {
    const run = validation(
      [finding(), finding({ contract: 'catalog', severity: 'warn', code: 'X', message: 'Hm.' })],
      [finding({ contract: 'catalog', code: 'CATALOG_VALUE', path: 'c.yaml', message: 'No.' })],
    );
    expect(renderFindings(run, undefined, context())).toBe(`catalog
  problem: c.yaml:3:5: No. [CATALOG_VALUE]

helper identity/packs/helper
  routing
    problem: identity/packs/helper/CURRENT_TASK.json:3:5: auto_route_enabled is not true. [ROUTING_VALUE]
  catalog
    warning: identity/packs/helper/CURRENT_TASK.json:3:5: Hm. [X]

2 problems, 1 warning in 1 pack, checked against all 2 contracts.
`);
  });

  it('are one calm line where there are none, and nothing at all when that is wished', () => {
    expect(renderFindings(validation([]), undefined, context())).toBe(
      '1 pack keeps all 2 contracts.\n',
    );
    expect(renderFindings(validation([]), undefined, context('--quiet'))).toBe('');
  });

  it('never let a pack speak to the terminal', () => {
    const odd = '\u001b[2J\u202e.';
    const run = validation([finding({ message: odd, path: odd, pointer: `/${odd}` })]);
    for (const format of [undefined, 'github', 'sarif'] as const) {
      expect(renderFindings(run, format, context())).not.toMatch(/[\u001b\u202e]/);
    }
  });
});

describe('findings for GitHub', () => {
  it('are workflow commands in which nothing ends early', () => {
    const odd = finding({ path: 'a,b:c%\r\n.json', message: '100 % of\nthis, too: no.' });
    expect(renderFindings(validation([odd]), 'github', context())).toBe(
      '::error file=a%2Cb%3Ac%25\\u{d}\\u{a}.json,line=3,col=5,title=routing%3A ROUTING_VALUE::' +
        '100 %25 of\\u{a}this, too: no.\n' +
        '1 problem in 1 pack, checked against all 2 contracts.\n',
    );
  });

  it('leave out the place that is not known, and tell severities apart', () => {
    const { contract, code, message } = finding();
    const bare = { contract, code, message };
    const run = validation([
      { ...bare, severity: 'warn' },
      { ...bare, severity: 'info' },
    ]);
    const lines = renderFindings(run, 'github', context()).split('\n');
    expect(lines[0]).toMatch(/^::warning title=routing%3A ROUTING_VALUE::auto/);
    expect(lines[1]).toMatch(/^::notice title=/);
  });
});

describe('findings as SARIF', () => {
  interface Log {
    readonly version: string;
    readonly runs: readonly [
      {
        readonly tool: {
          readonly driver: { readonly name: string; readonly rules: { id: string }[] };
        };
        readonly results: {
          readonly ruleId: string;
          readonly ruleIndex: number;
          readonly level: string;
          readonly locations: unknown[];
          readonly partialFingerprints: Record<string, string>;
        }[];
      },
    ];
  }
  const logOf = (...findings: Parameters<typeof validation>[0]): Log['runs'][0] => {
    const log = JSON.parse(renderFindings(validation(findings), 'sarif', context())) as Log;
    expect(log.version).toBe('2.1.0');
    return log.runs[0];
  };

  it('name rule, level, place and region', () => {
    const { tool, results } = logOf(finding({ path: 'a b/#1.json' }), finding({ code: 'A' }));
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(['A', 'ROUTING_VALUE']);
    expect(results[0]).toMatchObject({
      ruleId: 'ROUTING_VALUE',
      ruleIndex: 1,
      level: 'error',
      message: { text: 'auto_route_enabled is not true.' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b/%231.json', uriBaseId: '%SRCROOT%' },
            region: { startLine: 3, startColumn: 5 },
          },
          logicalLocations: [{ fullyQualifiedName: '/routing_contract/auto_route_enabled' }],
        },
      ],
    });
  });

  it('write an absolute path as a file URI, and no region without a line', () => {
    const { contract, code, severity, message } = finding();
    const { results } = logOf({ contract, code, severity, message, path: '/h/i d/META.yaml' });
    expect(results[0]?.locations).toEqual([
      { physicalLocation: { artifactLocation: { uri: 'file:///h/i%20d/META.yaml' } } },
    ]);
  });

  it('are a log of the form that code scanning takes', () => {
    const log = JSON.parse(
      renderFindings(
        validation([
          finding(),
          finding({ path: 'x:y%.json', line: 7, message: 'Not "[a](https://b)".' }),
          finding({ severity: 'warn', code: 'FINDINGS_MORE' }),
          finding({ severity: 'info', code: 'FINDINGS_MORE', contract: 'catalog' }),
          finding({ path: 'half \ud800.json' }),
        ]),
        'sarif',
        context(),
      ),
    ) as { runs: [Log['runs'][0] & { columnKind: string; originalUriBaseIds: object }] };
    const [{ tool, results, columnKind, originalUriBaseIds }] = log.runs;
    expect(columnKind).toBe('utf16CodeUnits');
    expect(tool.driver.rules).toMatchObject([
      { id: 'FINDINGS_MORE', properties: { tags: ['routing', 'catalog'] } },
      { id: 'ROUTING_VALUE', properties: { tags: ['routing'] } },
    ]);
    for (const rule of tool.driver.rules) {
      const text = expect.stringMatching(/\.$/) as string;
      expect(rule).toMatchObject({
        shortDescription: { text },
        fullDescription: { text },
        help: { text },
      });
    }
    for (const { ruleId, ruleIndex, level, locations } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      const [location] = locations as {
        physicalLocation: {
          artifactLocation: { uri: string; uriBaseId: string };
          region: { startLine: number; startColumn: number };
        };
      }[];
      const { artifactLocation, region } = location?.physicalLocation ?? {};
      expect(artifactLocation?.uri).toMatch(/^(?:[\w.~!'()*/-]|%[0-9A-F]{2})+$/);
      expect(Object.keys(originalUriBaseIds)).toContain(artifactLocation?.uriBaseId);
      expect(region?.startLine).toBeGreaterThanOrEqual(1);
      expect(region?.startColumn).toBeGreaterThanOrEqual(1);
    }
    expect(results[1]).toMatchObject({ message: { text: 'Not "[a\\](https://b)".' } });
    const prints = results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
    expect(new Set(prints).size).toBe(results.length);
  });

  it('keep the fingerprint when a line moves, and give equal findings different ones', () => {
    const prints = (...findings: Parameters<typeof validation>[0]) =>
      logOf(...findings).results.map(
        ({ partialFingerprints }) => partialFingerprints['identityContractFinding/v1'],
      );
    const [first, second] = prints(finding(), finding({ line: 9 }));
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(second).not.toBe(first);
    expect(prints(finding({ line: 40 }))).toEqual([first]);
    expect(prints(finding({ path: 'other.json' }))).not.toEqual([first]);
  });
});

describe('the self-test for people', () => {
  const result = (problems: readonly string[]) =>
    ({ contract: 'routing', sample: 'no routes', problems }) as const;

  it('is a table and one line', () => {
    expect(renderSelfTest({ results: [result([]), result([])] }, context())).toBe(
      `contract  checks  result
routing        2  ok

2 checks of 1 contract: every sample shows what it should.
`,
    );
  });

  it('names every sample that fails', () => {
    const text = renderSelfTest({ results: [result([]), result(['It passes.'])] }, context());
    expect(text).toContain('routing        2  1 failed');
    expect(text).toContain('failed: routing, "no routes": It passes.');
  });
});
