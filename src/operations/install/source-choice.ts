import { join } from 'node:path';
import { parseJson } from '../../core/bounded-json.ts';
import { parseYaml } from '../../core/bounded-yaml.ts';
import { InstallError } from '../../core/errors.ts';
import type { InstalledRecord } from '../../core/record.ts';
import { steps } from '../../core/remedy.ts';
import { refuseStray } from '../../instance/trust.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import type { Source } from '../../release/source.ts';
import type { OperationContext } from '../context.ts';
import type { InstallRequest } from './request.ts';

export interface SourceChoice {
  readonly from: string;
  readonly selector: string | undefined;
  /** The commit of the release according to a pin or a record. */
  readonly expectedCommit: string | undefined;
  /**
   * The file that names the source, where it is neither the user nor a record of ours, and the
   * directory that it belongs to.
   */
  readonly namedBy?: { readonly file: string; readonly holder: string };
}

/**
 * Where the release comes from: the first of `--from`, the identity's record, the project's pin,
 * the home's configuration, and the embedded starter (docs/releases.md#which-source). `--frozen`
 * takes exactly the release of the record or the pin.
 *
 * @throws InstallError E_USAGE if the requested identities come from several sources, or if a frozen
 *   run finds neither a recorded nor a pinned release
 */
export function chooseSource(
  context: OperationContext,
  request: InstallRequest,
  records: ReadonlyMap<string, InstalledRecord>,
): SourceChoice {
  const pin = readPin(context);
  const recorded = recordedSource(request, records);
  if (request.frozen) return frozenChoice(request, records, pin);
  if (request.from !== undefined) return plain(request.from, request.release);
  if (recorded !== undefined) return plain(recorded, request.release);
  if (pin !== undefined) {
    return request.release === undefined
      ? pinned(pin)
      : { ...plain(pin.from, request.release), namedBy: pin.namedBy };
  }
  const configured = readConfiguration(context);
  if (configured !== undefined) {
    const { from, release, namedBy } = configured;
    return { ...plain(from, request.release ?? release), namedBy };
  }
  return plain('starter', request.release);
}

/**
 * A source on this machine that a file of a working tree names must be in that working tree,
 * because a user who clones it has not chosen which of their other files are read. It may name any
 * remote address (docs/architecture.md#what-a-working-tree-may-name).
 *
 * @throws InstallError E_NOT_TRUSTED
 */
export function refuseStraySource(
  fs: ReadFileSystem,
  source: Source,
  namedBy: SourceChoice['namedBy'],
): void {
  if (namedBy === undefined || source.kind === 'git' || source.kind === 'starter') return;
  refuseStray(fs, {
    holder: namedBy.holder,
    place: source.url,
    use: 'read',
    subject: `The source ${source.url}, which ${namedBy.file} names,`,
    remedy: { kind: 'option', option: 'from', to: 'use that source, if you trust it' },
  });
}

function plain(from: string, selector: string | undefined): SourceChoice {
  return { from, selector, expectedCommit: undefined };
}

function recordedSource(
  request: InstallRequest,
  records: ReadonlyMap<string, InstalledRecord>,
): string | undefined {
  const sources = new Set(request.ids.flatMap((id) => records.get(id)?.from ?? []));
  const [first, second] = sources;
  if (second === undefined || request.from !== undefined) return first;
  throw new InstallError('E_USAGE', `The identities come from ${[...sources].join(' and ')}.`, {
    remedy: steps('Update them one by one.', {
      kind: 'option',
      option: 'from',
      to: 'take all of them from one source',
    }),
  });
}

function frozenChoice(
  request: InstallRequest,
  records: ReadonlyMap<string, InstalledRecord>,
  pin: Pin | undefined,
): SourceChoice {
  const record = request.ids.map((id) => records.get(id)).find((found) => found !== undefined);
  if (record !== undefined) {
    const { commit, tag } = record.release;
    const from = request.from ?? record.from;
    return { from, selector: tag ?? commit, expectedCommit: commit };
  }
  if (pin !== undefined) {
    return request.from === undefined
      ? pinned(pin)
      : { from: request.from, selector: pin.tag, expectedCommit: pin.commit };
  }
  throw new InstallError(
    'E_USAGE',
    'A frozen run needs a recorded or a pinned release, but there is neither.',
    {
      remedy: 'Name an installed identity, or keep identity/PROTOCOL_PIN.yaml in the project.',
    },
  );
}

interface Pin {
  readonly from: string;
  readonly tag: string;
  readonly commit: string;
  readonly namedBy: NonNullable<SourceChoice['namedBy']>;
}

function pinned({ from, tag, commit, namedBy }: Pin): SourceChoice {
  return { from, selector: tag, expectedCommit: commit, namedBy };
}

/** `identity/PROTOCOL_PIN.yaml` of the working directory (docs/protocol.md#the-pin). */
function readPin({ fs, environment }: OperationContext): Pin | undefined {
  const path = join(environment.workingDirectory, 'identity', 'PROTOCOL_PIN.yaml');
  if (fs.stat(path) === undefined) return undefined;
  const document = parseYaml(fs.read(path), { path });
  const pin: { protocol_repo?: unknown; pinned_tag?: unknown; pinned_commit?: unknown } =
    typeof document === 'object' && document !== null ? document : {};
  const { protocol_repo: from, pinned_tag: tag, pinned_commit: commit } = pin;
  if (typeof from === 'string' && typeof tag === 'string' && isCommit(commit)) {
    const holder = fs.realPath(environment.workingDirectory);
    return { from, tag, commit, namedBy: { file: path, holder } };
  }
  throw new InstallError('E_DOCUMENT_INVALID', `${path} is not a valid pin.`, {
    remedy: 'It needs protocol_repo, pinned_tag and pinned_commit (the full commit id).',
    details: { path },
  });
}

function isCommit(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value);
}

interface Configuration {
  readonly from: string;
  readonly release: string | undefined;
  readonly namedBy: NonNullable<SourceChoice['namedBy']>;
}

/** `<home>/config/identity-install.json`: `{"from": "…", "release": "…"}`. */
function readConfiguration({ fs, layout }: OperationContext): Configuration | undefined {
  const path = join(layout.home, 'config', 'identity-install.json');
  if (fs.stat(path) === undefined) return undefined;
  const document = parseJson(fs.read(path), { path });
  const { from, release }: { from?: unknown; release?: unknown } =
    typeof document === 'object' && document !== null ? document : {};
  const valid = typeof from === 'string' && (release === undefined || typeof release === 'string');
  if (valid) return { from, release, namedBy: { file: path, holder: layout.home } };
  throw new InstallError('E_DOCUMENT_INVALID', `${path} does not name a source.`, {
    remedy: 'It is a JSON object with "from" and, if you like, "release".',
    details: { path },
  });
}
