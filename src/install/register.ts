import { join, resolve } from 'node:path';
import { canonicalJson, sha256 } from '../core/digest.ts';
import { InstallError } from '../core/errors.ts';
import type { InstalledRecord } from '../core/record.ts';
import { readFormat, refuseStrangeState } from '../instance/format.ts';
import { readRecord } from '../instance/record-file.ts';
import { editLocalCatalog, type LocalCatalogEdits } from '../protocol/edit-local-catalog.ts';
import { directoryView } from '../protocol/contracts/file-view.ts';
import { reportOutcome } from '../protocol/install-report.ts';
import { listPacks } from '../protocol/list-packs.ts';
import { localCatalogText, readLocalCatalog } from '../protocol/local-catalog.ts';
import type { InstallContext } from './context.ts';
import { catalogNow } from './plan/catalog-change.ts';
import { requireSpace } from './plan/preflight.ts';
import { releaseEntry } from './release-entry.ts';
import { pairOf } from './report/outcome-pair.ts';
import { withSession, type Session } from './session.ts';
import { requireOperation } from './trail/ledger.ts';
import { completedOperation } from './trail/completed-operation.ts';
import { signatureOfInstance } from './trail/signature.ts';
import { octal, type SnapshotRequest } from './trail/snapshot-manifest.ts';
import { nothing, type Change, type FilePathState } from './transaction/change.ts';
import { exchangeKind } from './transaction/exchange-probe.ts';
import type { Intent } from './transaction/journal.ts';
import { runTransaction } from './transaction/transaction.ts';
import type { CompletedOperation, RegisterRequest, RegisterRun } from './use-cases.ts';
import { findRepository } from './validate/packs-of-repository.ts';

/**
 * Enters an identity in the local catalog, or activates the one that is there, as an operation
 * with evidence and undo. An installed identity is entered as its release describes it; any other
 * one by the place of its pack in a protocol repository. No instance is touched, and no record.
 *
 * @throws InstallError E_NOT_INSTALLED, E_CATALOG_LOCAL, E_INSTANCE_AMBIGUOUS, E_HOME_LOCKED and
 *   those of a transaction
 */
export async function register(
  context: InstallContext,
  request: RegisterRequest,
): Promise<RegisterRun> {
  const { fs, layout, environment } = context;
  refuseStrangeState(fs, layout, environment.uid);
  readFormat(fs, layout);
  // Known before a home is made for it.
  const edits = await editsFor(context, request);
  return await withSession(context, async (session) => {
    const before = catalogNow(context);
    const text = before && localCatalogText(before.bytes, layout.localCatalog);
    const edited = editLocalCatalog(text, edits, layout.localCatalog);
    const { identities } = readLocalCatalog(Buffer.from(edited), layout.localCatalog);
    const operation =
      edited === text
        ? null
        : await writeCatalog(context, session, { request, before, after: Buffer.from(edited) });
    return {
      home: layout.home,
      id: request.id,
      catalog: layout.localCatalog,
      packPath: identities.find(({ id }) => id === request.id)?.packPath ?? null,
      outcome: operation === null ? 'nothing-to-do' : 'done',
      operation,
      recovered: session.recovered,
    };
  });
}

async function editsFor(
  context: InstallContext,
  { id, activate, root }: RegisterRequest,
): Promise<LocalCatalogEdits> {
  if (activate) return { activate: id };
  const { fs, layout } = context;
  const record = root === undefined ? readRecord(fs, layout.recordFile(id)) : undefined;
  if (record !== undefined) {
    const source = (await releaseEntry(context, record)) ?? { id };
    return { register: { id, source, packPath: record.instance } };
  }
  const place = findRepository(context, root === undefined ? {} : { root });
  if (place !== undefined) {
    const { entries, listed } = listPacks(directoryView(fs, place.root), place.catalog);
    const source = entries.get(id);
    const directory = listed.get(id) ?? undefined;
    if (source !== undefined && directory !== undefined) {
      return { register: { id, source, packPath: join(place.root, directory) } };
    }
  }
  throw new InstallError(
    'E_NOT_INSTALLED',
    place === undefined
      ? `${id} is not installed in ${layout.home}.`
      : `${id} is neither installed in ${layout.home} nor listed with a pack in ${place.root}.`,
    {
      hint: `Install it with identity-install ${id}, or name the repository of its pack with --root.`,
      details: { id, home: layout.home },
    },
  );
}

interface CatalogWrite {
  readonly request: RegisterRequest;
  readonly before: { readonly bytes: Buffer; readonly state: FilePathState } | undefined;
  readonly after: Buffer;
}

async function writeCatalog(
  context: InstallContext,
  session: Session,
  { request, before, after }: CatalogWrite,
): Promise<CompletedOperation> {
  const { fs, layout, clock, environment } = context;
  const { id } = request;
  const path = 'catalog.local.yaml';
  const mode = before?.state.mode ?? 0o666 & ~environment.umask;
  const digest = sha256(after);
  const change: Change = {
    root: 'home',
    path,
    before: before?.state ?? nothing,
    after: { kind: 'file', sha256: digest, size: after.byteLength, mode },
  };
  requireSpace(fs, layout.stateDirectory, [change]);
  const ref = session.nextRef();
  const now = clock.now().toISOString();
  const record: InstalledRecord | null = readRecord(fs, layout.recordFile(id)) ?? null;
  if (record !== null) requireOperation(session.ledger, layout.ledger, record.operation);
  const instance = instanceOf(context, id, record);
  const roots = { home: layout.home, instance };
  const snapshot: SnapshotRequest | null =
    before === undefined
      ? null
      : {
          ref,
          id,
          roots,
          holds: 'changed-files',
          files: [
            {
              member: path,
              live: layout.localCatalog,
              state: before.state,
              modifiedNs: fs.stat(layout.localCatalog)?.modifiedNs ?? 0n,
            },
          ],
          directories: [],
          links: [],
          createdAt: now,
        };
  const described = (state: FilePathState) => ({
    sha256: state.sha256,
    size: state.size,
    mode: octal(state.mode),
  });
  const intent: Intent = {
    schema: 'identity-install/intent@1',
    ref,
    id,
    home: layout.home,
    instance,
    changes: [change],
    stagesTree: false,
    exchange: exchangeKind(fs, layout.journal, ref, [change]),
    recordBefore: record,
    recordAfter: record,
    evidence: {
      run_id: session.runId,
      operation: 'register',
      started_at: now,
      tool: context.tool,
      command: context.command,
      mode: 'preserve',
      release: record?.release ?? null,
      previous_release: record?.release ?? null,
      plan_digest: sha256(canonicalJson(change)),
      // The pair is about the pack, of which nothing changes.
      ...pairOf(reportOutcome({ added: 0, changedOrRemoved: 0, keptDiffering: 0 })),
      source_signature: null,
      target_signature_before: await signatureOfInstance(context, instance, record?.reports ?? []),
      files: [
        {
          path,
          root: 'home',
          action: request.activate ? 'activate' : 'register',
          reason: null,
          before: before === undefined ? null : described(before.state),
          after: { sha256: digest, size: after.byteLength, mode: octal(mode) },
        },
      ],
      reports: [],
      snapshot_holds: snapshot === null ? null : 'changed-files',
      undoes: null,
      undo: context.undoCommand(ref),
      findings: [],
      summary: request.activate ? 'as the default' : 'in the local catalog',
    },
  };
  const finished = await runTransaction(context, {
    intent,
    snapshot,
    content: {
      provide: (wanted, deliver) => {
        for (const slot of wanted.keys()) deliver(slot, after);
        return Promise.resolve();
      },
    },
  });
  return completedOperation(context, finished);
}

/**
 * Where an undo would look for files of the identity, of which this operation changes none. A pack
 * in a repository is no instance.
 */
function instanceOf(
  { layout }: InstallContext,
  id: string,
  record: InstalledRecord | null,
): string {
  return record === null ? join(layout.instances, id) : resolve(layout.home, record.instance);
}
