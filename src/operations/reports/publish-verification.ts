import { treeSignature } from '../../core/digest.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { installReport, reportOutcome } from '../../protocol/install-report.ts';
import type { OperationContext } from '../context.ts';
import { reportId, serializeReport } from './protocol-report.ts';
import { keepReport, publishIntoInstance, reportForInstance } from './publish-reports.ts';
import type { Session } from '../../engine/session.ts';
import { signatureOfState } from '../../engine/trail/signature.ts';
import type { ComparedInstance } from '../../inspection/verify/compare.ts';

/**
 * The protocol's report of a verification, into the instance if its pack says so.
 *
 * @returns where the report is: in the instance, otherwise in the home
 */
export function publishVerification(
  context: OperationContext,
  session: Session,
  record: InstalledRecord,
  { path: instance, local, files }: ComparedInstance,
): string {
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
