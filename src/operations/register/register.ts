import { join } from 'node:path';
import { InstallError } from '../../core/errors.ts';
import { nameMeantOr, steps } from '../../core/remedy.ts';
import { readFormat, refuseStrangeState } from '../../instance/format.ts';
import { readRecord } from '../../instance/record-file.ts';
import { editLocalCatalog, type LocalCatalogEdits } from '../../protocol/edit-local-catalog.ts';
import { directoryView } from '../../protocol/documents/file-view.ts';
import { listPacks } from '../../protocol/list-packs.ts';
import { localCatalogText, readLocalCatalog } from '../../protocol/local-catalog.ts';
import type { OperationContext } from '../context.ts';
import { catalogNow } from '../install/catalog-change.ts';
import { releaseEntry } from '../../inspection/releases/release-entry.ts';
import { requireInstance } from '../../inspection/require-instance.ts';
import type { CompletedOperation } from '../../engine/completed-operation.ts';
import { perform } from '../../engine/perform.ts';
import { withSession, type Session } from '../../engine/session.ts';
import { installedIds } from '../../engine/trail/installed.ts';
import { requireOperation } from '../../engine/trail/ledger.ts';
import { planRegistration, type CatalogFile, type RegisterPlan } from './plan.ts';
import { toOperation } from './to-operation.ts';
import type { RegisterRequest, RegisterRun } from './request.ts';
import { findRepository } from '../../protocol/find-repository.ts';

/**
 * Registers an identity in the local catalog, or activates a registered one, as an operation with
 * evidence and undo. An installed identity is registered as its release describes it; any other one
 * by the place of its pack in a protocol repository. Neither an instance nor a record is touched.
 *
 * @throws InstallError E_NOT_INSTALLED, E_CATALOG_LOCAL, E_INSTANCE_AMBIGUOUS, E_INSTANCE_UNSAFE,
 *   E_HOME_LOCKED and those of a transaction
 */
export async function register(
  context: OperationContext,
  request: RegisterRequest,
): Promise<RegisterRun> {
  const { fs, layout, environment } = context;
  refuseStrangeState(fs, layout, environment.uid);
  readFormat(fs, layout);
  // Checked before a home is created for it.
  const edits = await editsFor(context, request);
  return await withSession(context, async (session) => {
    const before = catalogNow(context);
    const text = before && localCatalogText(before.bytes, layout.localCatalog);
    const edited = editLocalCatalog(text, edits, layout.localCatalog);
    const { identities } = readLocalCatalog(Buffer.from(edited), layout.localCatalog);
    const packPath = identities.find(({ id }) => id === request.id)?.packPath ?? null;
    // An active identity must have its files.
    requireInstance(context, request.id, packPath);
    const operation =
      edited === text
        ? null
        : await carryOut(context, session, request, catalogPlan(context, before, edited));
    return {
      home: layout.home,
      id: request.id,
      catalog: layout.localCatalog,
      packPath,
      outcome: operation === null ? 'nothing-to-do' : 'done',
      operation,
      recovered: session.recovered,
    };
  });
}

function catalogPlan(
  { environment }: OperationContext,
  before: CatalogFile | undefined,
  edited: string,
): RegisterPlan {
  return planRegistration(before, Buffer.from(edited), 0o666 & ~environment.umask);
}

async function carryOut(
  context: OperationContext,
  session: Session,
  request: RegisterRequest,
  plan: RegisterPlan,
): Promise<CompletedOperation> {
  const { fs, layout } = context;
  const record = readRecord(fs, layout.recordFile(request.id)) ?? null;
  if (record !== null) requireOperation(session.ledger, layout.ledger, record.operation);
  const { runId } = session;
  const ref = session.nextRef();
  return await perform(context, await toOperation(context, { request, plan, record, ref, runId }));
}

async function editsFor(
  context: OperationContext,
  { id, activate, root }: RegisterRequest,
): Promise<LocalCatalogEdits> {
  if (activate) return { activate: id, installed: installedIds(context) };
  const { fs, layout } = context;
  const record = root === undefined ? readRecord(fs, layout.recordFile(id)) : undefined;
  if (record !== undefined) {
    const source = (await releaseEntry(context, record)) ?? { id };
    return { register: { id, source, packPath: record.instance } };
  }
  const place = findRepository(context, root === undefined ? {} : { root });
  let listedIds: readonly string[] = [];
  if (place !== undefined) {
    const { entries, listed } = listPacks(directoryView(fs, place.root), place.catalog);
    const source = entries.get(id);
    const directory = listed.get(id) ?? undefined;
    if (source !== undefined && directory !== undefined) {
      return { register: { id, source, packPath: join(place.root, directory) } };
    }
    listedIds = [...listed.keys()];
  }
  throw new InstallError(
    'E_NOT_INSTALLED',
    place === undefined
      ? `${id} is not installed in ${layout.home}.`
      : `${id} is neither installed in ${layout.home} nor listed with a pack in ${place.root}.`,
    {
      remedy: nameMeantOr(
        id,
        [...installedIds(context), ...listedIds],
        steps(
          { kind: 'command', command: 'install', id, to: 'install it' },
          { kind: 'option', option: 'root', to: 'register it from the repository of its pack' },
        ),
      ),
      details: { id, home: layout.home },
    },
  );
}
