import { sha256 } from '../../core/digest.ts';
import type { FilePathState } from '../../engine/change.ts';
import type { ComposedFile } from './changes-of-plan.ts';
import type { OperationContext } from '../context.ts';
import type { Incoming } from './incoming.ts';
import type { CatalogAction } from '../../planning/plan.ts';
import { instanceName } from '../../instance/locate.ts';
import type { InstallRequest } from './request.ts';

/**
 * What `--register` and `--activate` change; both lists are empty if the catalog already says so.
 */
export interface PlannedCatalog {
  readonly actions: readonly CatalogAction[];
  readonly files: readonly ComposedFile[];
}

interface CatalogInput {
  readonly request: InstallRequest;
  readonly incoming: Incoming;
  readonly id: string;
  readonly instance: string;
  /** The catalog as an earlier identity of the same run will leave it. */
  readonly soFar: ComposedFile | undefined;
}

/**
 * Edits the local catalog in memory; comments and key order survive.
 *
 * @throws InstallError E_CATALOG_LOCAL
 */
export async function planCatalog(
  context: OperationContext,
  input: CatalogInput,
): Promise<PlannedCatalog> {
  const { request, incoming, id, instance } = input;
  const { layout, environment } = context;
  if (!request.register && !request.activate) return { actions: [], files: [] };
  // The parser that keeps comments is the largest module; most runs do not need it.
  const { editLocalCatalog } = await import('../../protocol/edit-local-catalog.ts');
  const { localCatalogText } = await import('../../protocol/local-catalog.ts');
  const now = catalogNow(context, input.soFar);
  const before = now && localCatalogText(now.bytes, layout.localCatalog);
  const entry = incoming.catalog?.identities.find((identity) => identity.id === id);
  const text = editLocalCatalog(
    before,
    {
      register: {
        id,
        source: entry?.source ?? { id },
        packPath: instanceName(layout.home, instance),
      },
      ...(request.activate && { activate: id }),
    },
    layout.localCatalog,
  );
  if (text === before) return { actions: [], files: [] };
  const bytes = Buffer.from(text);
  const digest = sha256(bytes);
  const kind = request.activate ? 'activate' : 'register';
  return {
    actions: [{ kind, before: now?.state.sha256 ?? null, after: digest }],
    files: [
      {
        root: 'home',
        path: 'catalog.local.yaml',
        bytes,
        sha256: digest,
        before: now?.state ?? null,
        mode: now?.state.mode ?? 0o666 & ~environment.umask,
      },
    ],
  };
}

/** The local catalog and its state; undefined if there is none. */
export function catalogNow(
  { fs, layout }: Pick<OperationContext, 'fs' | 'layout'>,
  soFar?: ComposedFile,
): { readonly bytes: Buffer; readonly state: FilePathState } | undefined {
  if (soFar !== undefined) {
    const { bytes, mode } = soFar;
    return { bytes, state: { kind: 'file', sha256: soFar.sha256, size: bytes.byteLength, mode } };
  }
  const stat = fs.stat(layout.localCatalog);
  if (stat === undefined) return undefined;
  const bytes = fs.read(layout.localCatalog);
  const state = {
    kind: 'file',
    sha256: sha256(bytes),
    size: bytes.byteLength,
    mode: stat.mode,
  } as const;
  return { bytes, state };
}
