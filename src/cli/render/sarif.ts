import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256 } from '../../core/digest.ts';
import type { ContractFinding } from '../../protocol/contracts/validate.ts';
import type { ValidateRun } from '../../install/validate/validate.ts';
import { allFindings } from './all-findings.ts';
import { jsonText } from './json.ts';

const levels = { error: 'error', warn: 'warning', info: 'note' } as const;

/**
 * Findings as a SARIF 2.1.0 log (OASIS), for code scanning and editors. Paths are relative to the
 * working directory, which is the repository's root where a CI service runs the command. A
 * finding's fingerprint leaves the line out, so that it stays the same when lines move above it.
 */
export function renderSarif(run: ValidateRun, version: string): string {
  const findings = allFindings(run);
  const rules = rulesOf(findings, run);
  const seen = new Map<string, number>();
  const results = findings.map((finding) => {
    const { code, severity, message } = finding;
    const identity = [code, finding.path, finding.pointer, message].join('\0');
    const before = seen.get(identity) ?? 0;
    seen.set(identity, before + 1);
    return {
      ruleId: code,
      ruleIndex: rules.findIndex(({ id }) => id === code),
      level: levels[severity],
      message: { text: message },
      locations: locationsOf(finding),
      partialFingerprints: { 'identityContractFinding/v1': sha256(`${identity}\0${before}`) },
    };
  });
  const log = {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'identity-validate', semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
  return jsonText(log);
}

/** One rule for every code that was found; what it means is the contract that it belongs to. */
function rulesOf(findings: readonly ContractFinding[], run: ValidateRun) {
  const owners = new Map(findings.map(({ code, contract }) => [code, contract]));
  return [...owners].sort().map(([code, contract]) => {
    const text = run.contracts.find(({ id }) => id === contract)?.title ?? contract;
    return { id: code, shortDescription: { text }, properties: { tags: [contract] } };
  });
}

function locationsOf({ path, pointer, line, column }: ContractFinding) {
  if (path === undefined) return [];
  const region = line !== undefined && {
    region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
  };
  return [
    {
      physicalLocation: { artifactLocation: { uri: uriOf(path) }, ...region },
      ...(pointer !== undefined && { logicalLocations: [{ fullyQualifiedName: pointer }] }),
    },
  ];
}

function uriOf(path: string): string {
  return isAbsolute(path)
    ? pathToFileURL(path).href
    : path.split('/').map(encodeURIComponent).join('/');
}
