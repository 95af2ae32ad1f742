import { classify, classRules } from '../../instance/classes.ts';
import { locateIdentity } from '../../engine/locate-identity.ts';
import { readRecord } from '../../instance/record-file.ts';
import { scanInstance, type LocalState } from '../../instance/scan.ts';
import { InstallError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import type { PackPath } from '../../core/path.ts';
import { printable } from '../../core/printable.ts';
import type { InstalledRecord } from '../../core/record.ts';
import type { ResolvedRelease } from '../../core/release.ts';
import { steps, type Remedy } from '../../core/remedy.ts';
import { readPackManifest, type PackManifest } from '../../protocol/pack-manifest.ts';
import { refuseMovedSince, refuseOlder } from '../../release/step-back.ts';
import { readPack, type DocumentCheck, type LoadedPack } from '../../release/pack.ts';
import { planCatalog, type PlannedCatalog } from './catalog-change.ts';
import type { OperationContext } from '../context.ts';
import type { Incoming } from './incoming.ts';
import { draftPlan, sealPlan, type LocalFact } from '../../planning/make-plan.ts';
import { wouldChange } from '../../planning/policy.ts';
import { refuseRepositoryAround, refuseSourceInside } from './overlap.ts';
import type { Plan } from '../../planning/plan.ts';
import type { InstallRequest } from './request.ts';

/** A plan with everything that is needed to carry it out. */
export interface PlannedIdentity {
  readonly plan: Plan;
  readonly pack: LoadedPack;
  readonly record: InstalledRecord | null;
  readonly local: LocalState;
  readonly catalog: PlannedCatalog;
  /** `CURRENT_TASK.json` of the release; undefined if the pack has none. */
  readonly currentTask: Buffer | undefined;
}

export interface PlanRequest {
  readonly request: InstallRequest;
  readonly incoming: Incoming;
  readonly id: string;
  /** The effects of earlier identities of the same run. */
  readonly earlier: readonly PlannedIdentity[];
}

/** Reads the pack, scans the instance, and decides. Changes nothing. */
export async function planIdentity(
  context: OperationContext,
  { request, incoming, id, earlier }: PlanRequest,
): Promise<PlannedIdentity> {
  const { fs, layout, environment, breathe, progress } = context;
  progress.step(`Reading ${id}`);
  const { pack, manifest, currentTask } = await readPackAndManifest(context, {
    request,
    incoming,
    id,
  });
  refuseIncomplete(request, manifest.findings);
  const { rules, findings: classFindings } = classRules({
    keep: request.keep,
    declared: manifest.installClasses,
  });
  const place = locateIdentity(context, id);
  refuseSourceInside(incoming.release, place.path);
  refuseRepositoryAround(fs, layout.home, place.path);
  const record = readRecord(fs, layout.recordFile(id)) ?? null;
  refuseStepBack(request, incoming.release, record);
  progress.step(`Comparing ${id}`);
  const local = await scanInstance({ fs, path: place.path, breathe });
  const catalog = await planCatalog(context, {
    request,
    incoming,
    id,
    instance: place.path,
    soFar: earlier.flatMap((one) => one.catalog.files).at(-1),
  });
  const reports = standingReports(record, local, pack);
  const draft = draftPlan({
    home: layout.home,
    instance: place.path,
    instanceExists: place.exists,
    options: {
      mode: request.mode,
      restoreDeleted: request.restoreDeleted,
      prune: request.prune,
      includeState: request.includeState,
    },
    release: incoming.release,
    pack: pack.pack,
    record,
    local: factsOf(local, reports),
    reports,
    classify: (path) => classify(path, rules),
    umask: environment.umask,
    catalog: catalog.actions,
  });
  // An unchanged pack was checked when it was installed.
  const checksContracts = request.requireValid || wouldChange(draft);
  const plan = sealPlan(draft, [
    ...incoming.findings,
    ...pack.pack.findings,
    ...manifest.findings,
    ...(checksContracts ? await contractFindings(context, request, pack, incoming) : []),
    ...classFindings,
  ]);
  return { plan, pack, record, local, catalog, currentTask };
}

interface ReadPack {
  readonly pack: LoadedPack;
  readonly manifest: PackManifest;
  readonly currentTask: Buffer | undefined;
}

/** The pack and its manifest; one pass finds the reasons to refuse either. */
async function readPackAndManifest(
  context: OperationContext,
  { request, incoming, id }: Pick<PlanRequest, 'request' | 'incoming' | 'id'>,
): Promise<ReadPack> {
  const { catalog, release, packPathOf } = incoming;
  const entry = catalog?.identities.find((identity) => identity.id === id);
  const manifests: Omit<ReadPack, 'pack'>[] = [];
  const refusals: DocumentCheck['refusals'] = (documents, paths) => {
    const meta = documents.get('META.yaml');
    const currentTask = documents.get('CURRENT_TASK.json');
    const manifest = readPackManifest({
      id,
      paths,
      methodologyVersion: entry?.methodologyVersion ?? '',
      ...(meta === undefined ? {} : { meta }),
      ...(currentTask === undefined ? {} : { currentTask }),
    });
    manifests.push({ manifest, currentTask });
    return manifest.refusals;
  };
  const pack = await readPack(context, {
    commit: release.commit,
    packPath: packPathOf(id),
    id,
    strict: request.strict,
    documents: { paths: ['META.yaml', 'CURRENT_TASK.json'], refusals },
  });
  const [only] = manifests;
  if (only === undefined) throw new Error('the documents of a pack were not read');
  return { pack, ...only };
}

/**
 * Only for the same source can a release be older than the installed one, or its tag have moved.
 */
function refuseStepBack(
  request: InstallRequest,
  release: ResolvedRelease,
  record: InstalledRecord | null,
): void {
  if (record === null || record.release.url !== release.url) return;
  if (!request.allowDowngrade && !request.frozen) refuseOlder(release, record.release);
  if (!request.acceptMovedTag) refuseMovedSince(release, record.release);
}

/**
 * Broken contracts are findings; the pack is refused only on request, because most packs in use
 * break one or another.
 *
 * @throws InstallError E_PACK_CONTRACTS; E_BUG if it must be valid and a check of ours fails
 */
async function contractFindings(
  context: OperationContext,
  { requireValid }: InstallRequest,
  pack: LoadedPack,
  { release }: Incoming,
): Promise<readonly Finding[]> {
  const { releaseFindings } = await import('./release-findings.ts');
  const findings = await releaseFindings(context, {
    loaded: pack,
    commit: release.commit,
    strict: requireValid,
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!requireValid || first === undefined) return findings;
  const broken = [...new Set(errors.map(({ contract }) => contract))].join(', ');
  throw new InstallError(
    'E_PACK_CONTRACTS',
    `The pack of "${pack.pack.id}" breaks ${broken}: ${errors.length} finding${errors.length === 1 ? '' : 's'}, the first at ${printable(first.path ?? '')}: ${printable(first.message)}`,
    {
      remedy: steps(installAnyway, {
        kind: 'command',
        command: 'validate',
        to: 'see every finding, in its repository',
      }),
      details: { findings },
    },
  );
}

const installAnyway: Remedy = {
  kind: 'without',
  option: 'requireValid',
  to: 'install it all the same',
};

function refuseIncomplete(request: InstallRequest, findings: readonly Finding[]): void {
  const [first] = findings.filter(({ severity }) => severity !== 'info');
  if (!request.requireValid || first === undefined) return;
  throw new InstallError('E_PACK_INCOMPLETE', first.message, {
    remedy: installAnyway,
    details: { findings },
  });
}

/**
 * Our existing reports. One at the path of a file of the release is treated like any other file.
 */
function standingReports(
  record: InstalledRecord | null,
  local: LocalState,
  { pack }: LoadedPack,
): ReadonlySet<PackPath> {
  const published = record?.reports ?? [];
  return new Set(published.filter((path) => local.has(path) && !pack.entries.has(path)));
}

function factsOf(
  local: LocalState,
  reports: ReadonlySet<PackPath>,
): ReadonlyMap<PackPath, LocalFact> {
  const facts = new Map<PackPath, LocalFact>();
  for (const [path, entry] of local) {
    if (reports.has(path)) continue;
    facts.set(path, { state: stateOf(entry), mode: entry.mode });
  }
  return facts;
}

function stateOf(entry: LocalState extends ReadonlyMap<string, infer Entry> ? Entry : never) {
  if (entry.kind !== 'file') return { kind: entry.kind } as const;
  const { sha256, size, executable } = entry;
  return { kind: 'file', sha256, size, executable } as const;
}
