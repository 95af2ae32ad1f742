import { dirname, join } from 'node:path';
import { parseJson } from '../../core/bounded-json.ts';
import { sha256 } from '../../core/digest.ts';
import { errnoOf, InstallError } from '../../core/errors.ts';
import type { OperationRef } from '../../core/operation-ref.ts';
import { comparePaths, parentPaths, type PackPath } from '../../core/path.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { serialiseRecord } from '../../instance/record-file.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import { writeVerified } from '../../platform/files/verified-write.ts';
import type { ReportOperation } from '../../protocol/install-report.ts';
import { reportPath, reportPlaces, type ReportPlace } from '../../protocol/report-places.ts';
import type { ComposedFile } from '../install/changes-of-plan.ts';
import type { OperationContext } from '../context.ts';
import { replaceDurably } from '../../platform/files/replace-durably.ts';
import type { PlannedIdentity } from '../install/plan-identity.ts';
import { reportOfPlan } from './protocol-report.ts';
import { withinRoots } from '../../engine/live-state.ts';
import type { OperationWarning } from '../../engine/operation-warning.ts';

/** Reports for the instance, and those that had to stay in the home. */
export interface ReportsToPublish {
  readonly files: readonly ComposedFile[];
  readonly warnings: readonly OperationWarning[];
}

/** How long the protocol regards a report as current (docs/protocol.md#where-reports-belong). */
const freshMilliseconds = 24 * 60 * 60 * 1000;

/**
 * The reports that an install publishes: its own, and those of earlier plans, dry runs and
 * verifications that are still current. The pack's own contracts say where they belong.
 */
export function reportsForInstall(
  context: OperationContext,
  planned: PlannedIdentity,
  ref: OperationRef,
): ReportsToPublish {
  const { plan, pack, currentTask } = planned;
  const { places, warnings } = placesOf(currentTask, plan.instance);
  if (places.length === 0) return { files: [], warnings };
  const own = {
    operation: 'install',
    ref,
    bytes: reportOfPlan(context, planned, 'install', ref),
  } as const;
  const files = new Map<PackPath, ComposedFile>();
  const blocked: OperationWarning[] = [];
  for (const report of [...pendingReports(context, plan.id), own]) {
    for (const path of pathsFor(places, report.operation, report.ref)) {
      const inTheWay = [path, ...parentPaths(path)].some((one) => pack.pack.entries.has(one));
      if (inTheWay || isBlocked(context.fs, plan.instance, path)) {
        blocked.push(stays(plan.instance, path));
      } else files.set(path, composed(context, path, report.bytes));
    }
  }
  return { files: [...files.values()], warnings: [...warnings, ...blocked] };
}

/** Where another report of an installed identity belongs; for `identity verify`. */
export function reportForInstance(
  context: OperationContext,
  {
    instance,
    currentTask,
    operation,
    ref,
    bytes,
  }: {
    readonly instance: string;
    readonly currentTask: Buffer | undefined;
    readonly operation: ReportOperation;
    readonly ref: OperationRef;
    readonly bytes: Buffer;
  },
): ReportsToPublish {
  const { places, warnings } = placesOf(currentTask, instance);
  const paths = pathsFor(places, operation, ref);
  const free = paths.filter((path) => !isBlocked(context.fs, instance, path));
  return { files: free.map((path) => composed(context, path, bytes)), warnings };
}

/** Keeps a report in the home, where the next install finds it. @returns its path */
export function keepReport(
  context: OperationContext,
  {
    id,
    operation,
    ref,
    bytes,
  }: {
    readonly id: string;
    readonly operation: ReportOperation;
    readonly ref: OperationRef;
    readonly bytes: Buffer;
  },
): string {
  const directory = context.layout.reports(id);
  if (context.fs.stat(directory) === undefined) context.fs.makeDirectory(directory, 0o700);
  const path = join(directory, `${operation}-${ref}.json`);
  // Complete or absent, because a report found there is published unchanged.
  replaceDurably(context.fs, path, bytes);
  return path;
}

/** The report of a plan or a dry run, which do not change an instance. */
export function keepInHome(
  context: OperationContext,
  planned: PlannedIdentity,
  operation: 'plan' | 'dry-run',
  ref: OperationRef,
): void {
  const bytes = reportOfPlan(context, planned, operation, ref);
  keepReport(context, { id: planned.plan.id, operation, ref, bytes });
}

/**
 * Publishes reports into an instance outside a transaction: each is one link(2), which never
 * overwrites. The record names them first, so that they are never treated as the user's own files.
 *
 * Pre: the home's lock is held.
 */
export function publishIntoInstance(
  context: OperationContext,
  instance: string,
  record: InstalledRecord,
  files: readonly ComposedFile[],
): void {
  if (files.length === 0) return;
  const { fs, layout, environment } = context;
  const reports = new Set([...record.reports, ...files.map((file) => file.path)]);
  const next = { ...record, reports: [...reports].sort(comparePaths) };
  replaceDurably(fs, layout.recordFile(record.id), serialiseRecord(next));
  fs.sync(layout.records);
  const roots = { home: layout.home, instance };
  for (const file of files) {
    for (const parent of parentPaths(file.path)) {
      const directory = join(instance, parent);
      withinRoots(fs, roots, directory, () => {
        if (fs.stat(directory) !== undefined) return;
        fs.makeDirectory(directory, 0o777 & ~environment.umask);
      });
    }
    const staged = join(layout.stateDirectory, `report-${file.sha256.slice(0, 16)}.new`);
    if (fs.stat(staged) !== undefined) fs.unlink(staged);
    writeVerified(fs, staged, file.bytes, file.mode);
    fs.sync(staged);
    const live = join(instance, file.path);
    withinRoots(fs, roots, live, () => linkUnlessThere(context, staged, live));
    fs.unlink(staged);
  }
}

/** Removes the waiting reports: they are in the instance now, or too old to matter. */
export function forgetPending(context: OperationContext, id: string): void {
  const { fs, layout } = context;
  const directory = layout.reports(id);
  if (fs.stat(directory) === undefined) return;
  for (const name of fs.list(directory)) fs.unlink(join(directory, name));
}

function linkUnlessThere({ fs }: OperationContext, staged: string, live: string): void {
  try {
    fs.link(staged, live);
    fs.sync(dirname(live));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

function placesOf(
  currentTask: Buffer | undefined,
  instance: string,
): { readonly places: readonly ReportPlace[]; readonly warnings: readonly OperationWarning[] } {
  if (currentTask === undefined) return { places: [], warnings: [] };
  const warn = (message: string): OperationWarning => ({
    code: 'REPORT_NOT_PUBLISHED',
    path: join(instance, 'CURRENT_TASK.json'),
    message,
  });
  try {
    const { places, findings } = reportPlaces(
      parseJson(currentTask, { path: 'CURRENT_TASK.json' }),
    );
    return { places, warnings: findings.map((finding) => warn(finding.message)) };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    return { places: [], warnings: [warn(`Reports stay in the home: ${error.message}`)] };
  }
}

/** An install concerns both contracts; the other operations concern only provenance. */
function pathsFor(
  places: readonly ReportPlace[],
  operation: ReportOperation,
  ref: OperationRef,
): PackPath[] {
  const wanted = places.filter(
    ({ contract }) => operation === 'install' || contract === 'install_provenance_contract',
  );
  return [...new Set(wanted.map(({ pattern }) => reportPath(pattern, ref, operation)))];
}

function composed(context: OperationContext, path: PackPath, bytes: Buffer): ComposedFile {
  const mode = 0o666 & ~context.environment.umask;
  return { root: 'instance', path, bytes, sha256: sha256(bytes), before: null, mode };
}

/** Something other than a directory is on the way, or the name is taken. */
function isBlocked(fs: ReadFileSystem, instance: string, path: PackPath): boolean {
  if (fs.stat(join(instance, path)) !== undefined) return true;
  return parentPaths(path).some((parent) => {
    const stat = fs.stat(join(instance, parent));
    return stat !== undefined && stat.kind !== 'directory';
  });
}

function stays(instance: string, path: PackPath): OperationWarning {
  return {
    code: 'REPORT_NOT_PUBLISHED',
    path: join(instance, path),
    message: 'Something else is in the place of the report; it was left out.',
  };
}

interface PendingReport {
  readonly operation: ReportOperation;
  readonly ref: OperationRef;
  readonly bytes: Buffer;
}

function pendingReports({ fs, layout, clock }: OperationContext, id: string): PendingReport[] {
  const directory = layout.reports(id);
  if (fs.stat(directory) === undefined) return [];
  const oldest = clock.now().getTime() - freshMilliseconds;
  return fs.list(directory).flatMap((name): PendingReport[] => {
    const [, operation, ref] =
      /^(plan|dry-run|verify)-(\d{8}-\d{6}-[0-9a-f]{6})\.json$/.exec(name) ?? [];
    if (operation === undefined || ref === undefined) return [];
    const path = join(directory, name);
    const modified = Number((fs.stat(path)?.modifiedNs ?? 0n) / 1_000_000n);
    if (modified < oldest) return [];
    return [{ operation: operation as ReportOperation, ref, bytes: fs.read(path) }];
  });
}
