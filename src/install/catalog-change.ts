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
}

/**
 * Edits the local catalog in memory; comments and key order survive.
 *
 * @throws InstallError E_CATALOG_LOCAL
 */
export function planCatalog(context: InstallContext, input: CatalogInput): PlannedCatalog {
  const { request, incoming, id, instance } = input;
  const { fs, layout, environment } = context;
  if (!request.register && !request.activate) return { actions: [], files: [] };
  const stat = fs.stat(layout.localCatalog);
  const before = stat === undefined ? undefined : fs.read(layout.localCatalog);
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
          before === undefined || digestBefore === null || stat === undefined
            ? null
            : { kind: 'file', sha256: digestBefore, size: before.byteLength, mode: stat.mode },
        mode: stat?.mode ?? 0o666 & ~environment.umask,
      },
    ],
  };
}
