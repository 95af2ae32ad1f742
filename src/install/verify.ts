import { sha256, treeSignature } from '../core/digest.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { comparePaths, type PackPath } from '../core/path.ts';
import type { InstalledRecord } from '../core/record.ts';
import { locateInstance } from '../instance/locate.ts';
import { readRecord, recordHint } from '../instance/record-file.ts';
import { scanInstance, type LocalState } from '../instance/scan.ts';
import { installReport, reportOutcome } from '../protocol/install-report.ts';
import type { InstallContext } from './context.ts';
import { lateBytesOf } from './transaction/displaced.ts';
import { readEvidence } from './trail/evidence.ts';
import { operationsOf } from './trail/history.ts';
import { readLedger, type Ledger } from './trail/ledger.ts';
import { catalogPlace } from './plan/plan-identity.ts';
import { reportId, serializeReport } from './report/protocol-report.ts';
import { keepReport, publishIntoInstance, reportForInstance } from './report/publish-reports.ts';
import { isUnused, withSession, type Session } from './session.ts';
import { signatureOfState } from './trail/signature.ts';
import { openSnapshot } from './trail/snapshot.ts';
import type { VerifiedIdentity, VerifyRequest, VerifyRun } from './use-cases.ts';

/**
 * Re-hashes instances against their records, and what the last operations left behind against the
 * ledger, and writes the protocol's `verify` report. Drift is data; what cannot be trusted is a
 * problem.
 *
 * @throws InstallError E_NOT_INSTALLED, E_RECORD_DAMAGED, E_LEDGER_DAMAGED, E_HOME_LOCKED
 */
export async function verify(context: InstallContext, request: VerifyRequest): Promise<VerifyRun> {
  const { fs, layout } = context;
  if (fs.stat(layout.home) === undefined) {
    throw new InstallError('E_NOT_INSTALLED', `There is no identity home at ${layout.home}.`, {
      hint: 'Name the home with --home or IDENTITY_HOME.',
    });
  }
  if (isUnused(context) && request.ids.length === 0) {
    return { home: layout.home, identities: [], recovered: [] };
  }
  return await withSession(context, async (session) => {
    const ledger = readLedger(fs, layout.ledger);
    const ids = request.ids.length > 0 ? request.ids : knownIds(context, ledger);
    const identities: VerifiedIdentity[] = [];
    for (const id of ids) identities.push(await verifyOne(context, session, ledger, id));
    return { home: layout.home, identities, recovered: session.recovered };
  });
}

/** Every identity with a record, sorted. */
export function installedIds({ fs, layout }: InstallContext): string[] {
  if (fs.stat(layout.records) === undefined) return [];
  const suffix = '.json';
  return fs
    .list(layout.records)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
}

/** Those with a record, and those that should have one. */
function knownIds(context: InstallContext, ledger: Ledger): string[] {
  return [...new Set([...installedIds(context), ...standingIds(ledger)])].sort();
}

/** The identities of which an install was not undone: each of them has a record, or lost it. */
function standingIds(ledger: Ledger): Set<string> {
  const standing = operationsOf(ledger.entries).filter(
    ({ operation, outcome, undoneBy }) =>
      operation === 'install' && outcome === 'done' && undoneBy === null,
  );
  return new Set(standing.map((operation) => operation.identity_id));
}

async function verifyOne(
  context: InstallContext,
  session: Session,
  ledger: Ledger,
  id: string,
): Promise<VerifiedIdentity> {
  const { fs, layout, breathe } = context;
  const record = readRecord(fs, layout.recordFile(id));
  if (record === undefined && standingIds(ledger).has(id)) {
    const path = layout.recordFile(id);
    throw new InstallError('E_RECORD_DAMAGED', `${path} is missing, although ${id} is installed.`, {
      hint: recordHint,
      details: { path },
    });
  }
  if (record === undefined) {
    throw new InstallError('E_NOT_INSTALLED', `${id} is not installed in ${layout.home}.`, {
      hint: `Installed: ${installedIds(context).join(', ') || 'nothing'}.`,
    });
  }
  const named = catalogPlace(context, id);
  const place = locateInstance({
    fs,
    home: layout.home,
    id,
    ...(named === undefined ? {} : { localCatalogPackPath: named }),
  });
  context.progress.step(`Hashing ${id}`);
  const local = await scanInstance({ fs, path: place.path, breathe });
  const files = compareWithRecord(record, local);
  const late = lateBytesOf(fs, layout.displacedDirectory, id).map(
    ({ code, path, message }): Finding => ({ code, severity: 'warn', path, message }),
  );
  const trail = await checkTrail(context, ledger, record);
  const problems = [...session.findings, ...trail, ...late];
  const report = publishReport(context, { session, record, local, files, instance: place.path });
  return { id, release: record.release, files, problems, report };
}

function compareWithRecord(record: InstalledRecord, local: LocalState): VerifiedIdentity['files'] {
  const modified: PackPath[] = [];
  const missing: PackPath[] = [];
  let intact = 0;
  for (const [path, base] of Object.entries(record.files).sort(byPath)) {
    const entry = local.get(path);
    if (entry === undefined) missing.push(path);
    else if (entry.kind !== 'file' || entry.sha256 !== base.sha256) modified.push(path);
    else if (entry.executable !== base.executable) modified.push(path);
    else intact += 1;
  }
  const ours = new Set(record.reports);
  const localOnly = [...local]
    .filter(
      ([path, entry]) =>
        entry.kind !== 'directory' && !Object.hasOwn(record.files, path) && !ours.has(path),
    )
    .map(([path]) => path);
  return { intact, modified, missing, localOnly };
}

function byPath(
  [left]: readonly [PackPath, unknown],
  [right]: readonly [PackPath, unknown],
): number {
  return comparePaths(left, right);
}

/** The last operation's evidence against the ledger, and every snapshot that an undo would need. */
async function checkTrail(
  context: InstallContext,
  ledger: Ledger,
  record: InstalledRecord,
): Promise<Finding[]> {
  const { fs, archive, layout } = context;
  const problems: Finding[] = [];
  const problem = (code: string, message: string) => {
    problems.push({ code, severity: 'error', message });
  };
  const operations = operationsOf(ledger.entries).filter(
    (operation) => operation.identity_id === record.id && operation.outcome === 'done',
  );
  if (!operations.some((operation) => operation.ref === record.operation)) {
    problem(
      'RECORD_UNKNOWN_OPERATION',
      `The record names ${record.operation}, which the ledger does not.`,
    );
  }
  for (const operation of operations) {
    const path = layout.evidence(operation.ref);
    if (fs.stat(path) === undefined) {
      problem('EVIDENCE_MISSING', `${path} is missing.`);
      continue;
    }
    if (sha256(fs.read(path)) !== operation.evidence_sha256) {
      problem('EVIDENCE_CHANGED', `${path} is not what the ledger recorded.`);
      continue;
    }
    try {
      const evidence = readEvidence(fs, layout.evidenceDirectory, operation);
      if (evidence.snapshot === null) continue;
      const manifest = await openSnapshot(
        { fs, archive, directory: layout.snapshotsDirectory },
        operation.ref,
      );
      if (manifest.archive_sha256 !== evidence.snapshot.sha256) {
        problem(
          'SNAPSHOT_CHANGED',
          `The snapshot of ${operation.ref} is not the one in its evidence.`,
        );
      }
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      problem(error.code.replace(/^E_/, ''), error.message);
    }
  }
  return problems;
}

interface ReportInput {
  readonly session: Session;
  readonly record: InstalledRecord;
  readonly local: LocalState;
  readonly files: VerifiedIdentity['files'];
  readonly instance: string;
}

/** @returns where the report is: in the instance, else in the home */
function publishReport(context: InstallContext, input: ReportInput): string {
  const { session, record, local, files, instance } = input;
  const { fs, layout } = context;
  const ref = session.nextRef();
  const { id, release } = record;
  const bytes = serializeReport(
    installReport({
      reportId: reportId(id, 'verify', ref),
      identityId: id,
      generatedAt: context.clock.now(),
      operation: 'verify',
      outcome: reportOutcome({ added: 0, changedOrRemoved: 0, keptDiffering: 0 }),
      preservedPaths: Object.keys(record.files).filter((path) => local.has(path)),
      changedFiles: [],
      dryRun: false,
      command: context.command,
      entrypoint: 'identity',
      sourcePack: record.from,
      targetPack: instance,
      sourceSignature: treeSignature(
        Object.entries(record.files).map(([path, base]) => [path, base.sha256]),
      ),
      targetSignatureBefore: signatureOfState(local, record.reports),
      protocolRef: release.tag ?? release.commit,
      protocolCommit: release.commit,
      protocolRoot: release.url,
      identityHome: layout.home,
      catalogPath: layout.localCatalog,
      resolvedScope: context.scope,
      resolvedPackPath: instance,
      verifiedReportId: reportId(id, 'install', record.operation),
      more: { modified: files.modified, missing: files.missing, local_only: files.localOnly },
    }),
  );
  const task = local.get('CURRENT_TASK.json');
  const currentTask = task?.kind === 'file' ? fs.read(`${instance}/CURRENT_TASK.json`) : undefined;
  const { files: published } = reportForInstance(context, {
    instance,
    currentTask,
    operation: 'verify',
    ref,
    bytes,
  });
  const [first] = published;
  if (first === undefined) return keepReport(context, { id, operation: 'verify', ref, bytes });
  publishIntoInstance(context, instance, record, published);
  return `${instance}/${first.path}`;
}
