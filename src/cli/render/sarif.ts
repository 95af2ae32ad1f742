import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sha256 } from '../../core/digest.ts';
import type { ContractId } from '../../protocol/contracts/contract.ts';
import type { ContractFinding } from '../../protocol/contracts/validate.ts';
import type { ValidateRun } from '../../inspection/validate/validate.ts';
import { allFindings } from './all-findings.ts';
import { jsonText } from './json.ts';

const levels = { error: 'error', warn: 'warning', info: 'note' } as const;

/** What paths are relative to; code scanning services put the repository's root in its place. */
const sourceRoot = '%SRCROOT%';

/**
 * Findings as a SARIF 2.1.0 log (OASIS), for code scanning and editors. Paths are relative to the
 * working directory, which is the repository's root if a CI service runs the command. A finding's
 * fingerprint leaves the line out, so that it stays the same when lines move above it.
 */
export function renderSarif(run: ValidateRun, version: string): string {
  const findings = allFindings(run);
  const rules = rulesOf(findings, run);
  const ruleIndexes = new Map(rules.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  const results = findings.map((finding) => {
    const { code, severity, message } = finding;
    const identity = [code, finding.path, finding.pointer, message].join('\0');
    const before = seen.get(identity) ?? 0;
    seen.set(identity, before + 1);
    return {
      ruleId: code,
      ruleIndex: ruleIndexes.get(code),
      level: levels[severity],
      message: { text: withoutLinks(message) },
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
        originalUriBaseIds: {
          [sourceRoot]: { description: { text: 'The directory in which the command was run.' } },
        },
        results,
      },
    ],
  };
  return jsonText(log);
}

/** One rule for every code that was found, described by the contracts that use it. */
function rulesOf(findings: readonly ContractFinding[], run: ValidateRun) {
  const owners = new Map<string, Set<ContractId>>();
  for (const { code, contract } of findings) {
    owners.set(code, (owners.get(code) ?? new Set()).add(contract));
  }
  return [...owners.keys()].sort().map((id) => {
    const tags = [...(owners.get(id) ?? [])];
    const titles = tags.map((tag) => run.contracts.find((one) => one.id === tag)?.title ?? tag);
    const text = titles.join(' ');
    return {
      id,
      shortDescription: { text },
      fullDescription: { text },
      help: { text: `Contract ${tags.join(', ')}: ${text}` },
      properties: { tags },
    };
  });
}

function locationsOf({ path, pointer, line, column }: ContractFinding) {
  if (path === undefined) return [];
  const region = line !== undefined && {
    region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
  };
  return [
    {
      physicalLocation: { artifactLocation: artifactOf(path), ...region },
      ...(pointer !== undefined && { logicalLocations: [{ fullyQualifiedName: pointer }] }),
    },
  ];
}

function artifactOf(path: string) {
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  // Half a surrogate pair has no percent-encoding.
  const uri = path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return { uri, uriBaseId: sourceRoot };
}

/** A message may hold links (SARIF 2.1.0 §3.11.6); what it quotes from a pack must not. */
function withoutLinks(message: string): string {
  return message.replaceAll('](', '\\](');
}
