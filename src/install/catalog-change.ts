import { sha256 } from '../core/digest.ts';
import { editLocalCatalog } from '../protocol/edit-local-catalog.ts';
import type { ComposedFile } from './changes-of-plan.ts';
import type { InstallContext } from './context.ts';
import type { Incoming } from './incoming.ts';
import type { CatalogAction } from './plan.ts';
import { instanceName } from './plan-identity.ts';
import type { InstallRequest } from './use-cases.ts';

/** What `--register` and `--activate` come to; both lists are empty when the catalog says it already. */
export interface PlannedCatalog {
  readonly actions: readonly CatalogAction[];
  readonly files: readonly ComposedFile[];
}

interface CatalogInput {
  readonly request: InstallRequest;
  readonly incoming: Incoming;
  readonly id: string;
  readonly instance: string;
  /** The catalog as earlier identities of the same run will leave it; undefined: as it is. */
  readonly pending: ComposedFile | undefined;
}

/**
 * Edits the local catalog in memory; comments and key order survive.
 *
 * @throws InstallError E_CATALOG_LOCAL
 */
export function planCatalog(context: InstallContext, input: CatalogInput): PlannedCatalog {
  const { request, incoming, id, instance, pending } = input;
  const { layout, environment } = context;
  if (!request.register && !request.activate) return { actions: [], files: [] };
  const found = pending ?? currentCatalog(context);
  const before = found?.bytes;
  const entry = incoming.catalog?.identities.find((identity) => identity.id === id);
  const text = editLocalCatalog(
    before?.toString('utf8'),
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
  if (text === before?.toString('utf8')) return { actions: [], files: [] };
  const bytes = Buffer.from(text);
  const digest = sha256(bytes);
  const digestBefore = before === undefined ? null : sha256(before);
  const mode = found?.mode ?? 0o666 & ~environment.umask;
  const kind = request.activate ? 'activate' : 'register';
  return {
    actions: [{ kind, before: digestBefore, after: digest }],
    files: [
      {
        root: 'home',
        path: 'catalog.local.yaml',
        bytes,
        sha256: digest,
        before:
          before === undefined || digestBefore === null
            ? null
            : { kind: 'file', sha256: digestBefore, size: before.byteLength, mode },
        mode,
      },
    ],
  };
}

function currentCatalog({
  fs,
  layout,
}: InstallContext): Pick<ComposedFile, 'bytes' | 'mode'> | undefined {
  const stat = fs.stat(layout.localCatalog);
  return stat && { bytes: fs.read(layout.localCatalog), mode: stat.mode };
}
