import { parseJson } from '../core/bounded-json.ts';
import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { PackPath } from '../core/path.ts';
import { isMembers, member } from './documents/members.ts';
import { pointerPart } from './documents/pointer.ts';

/** The rules are in docs/protocol.md#files-of-a-pack. */
export const requiredPackFiles: readonly PackPath[] = [
  'IDENTITY_PROMPT.md',
  'CURRENT_TASK.json',
  'TASK_HISTORY.md',
  'META.yaml',
];

/** Globs that a pack declares under `install:` in `META.yaml`, unchanged. */
export interface InstallClasses {
  readonly shipped: readonly string[];
  readonly state: readonly string[];
  readonly local: readonly string[];
}

export interface PackManifest {
  readonly installClasses: InstallClasses;
  readonly findings: readonly Finding[];
  /** Why the pack must not be installed: E_PACK_ID_MISMATCH, E_DOCUMENT_INVALID. */
  readonly refusals: readonly InstallError[];
}

/**
 * What a pack says about itself. Missing files are findings: real releases before v1.2.2 lack
 * `META.yaml`. A `methodology_version` that differs from the catalog's is only a note, because it
 * differs in every real release.
 *
 * @param options.methodologyVersion what the catalog says; empty if it does not
 * @param options.meta bytes of `META.yaml`, if the pack has one
 * @param options.currentTask bytes of `CURRENT_TASK.json`, if the pack has one
 */
export function readPackManifest(options: {
  readonly id: string;
  /** The files of the pack. */
  readonly paths: Pick<ReadonlyMap<PackPath, unknown> | ReadonlySet<PackPath>, 'has'>;
  readonly meta?: Uint8Array;
  readonly currentTask?: Uint8Array;
  readonly methodologyVersion?: string;
}): PackManifest {
  const { id, paths, meta, currentTask, methodologyVersion = '' } = options;
  const findings: Finding[] = requiredPackFiles
    .filter((path) => !paths.has(path))
    .map((path) => ({
      code: 'PACK_FILE_MISSING',
      severity: 'warn',
      path,
      message: `The pack has no ${path}.`,
    }));
  const refusals: InstallError[] = [];
  const parsed = <T>(parse: () => T): T | undefined => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof InstallError)) throw error;
      refusals.push(error);
      return undefined;
    }
  };
  // Agents and checkers parse it without limits, so a document that we would not parse is not
  // passed on to them.
  if (currentTask !== undefined) {
    const note = (finding: Finding): unknown => findings.push(finding);
    parsed(() => parseJson(currentTask, { path: 'CURRENT_TASK.json', note }));
  }
  const manifest = { installClasses: noClasses, findings, refusals };
  if (meta === undefined) return manifest;
  const document = parsed(() => parseYaml(meta, { path: 'META.yaml' }));
  if (document === undefined && refusals.some(({ details }) => details['path'] === 'META.yaml')) {
    return manifest;
  }

  const invalid = (pointer: string, message: string): void => {
    findings.push({
      code: 'PACK_META_INVALID',
      severity: 'warn',
      path: 'META.yaml',
      pointer,
      message,
    });
  };
  if (!isMembers(document)) {
    invalid('', 'META.yaml is not a mapping.');
    return manifest;
  }
  const own = member(document, 'id');
  if (typeof own !== 'string') invalid('/id', 'META.yaml names no id.');
  else if (own !== id) {
    refusals.push(
      new InstallError(
        'E_PACK_ID_MISMATCH',
        `The pack of "${id}" says in META.yaml that it is "${own}".`,
        {
          remedy: 'Choose another release, or report it to the maintainers of this one.',
          details: { path: 'META.yaml', id, metaId: own },
        },
      ),
    );
  }
  const version = member(document, 'methodology_version');
  if (
    methodologyVersion !== '' &&
    (typeof version === 'string' || typeof version === 'number') &&
    String(version) !== methodologyVersion
  ) {
    findings.push({
      code: 'PACK_VERSION_DIFFERS',
      severity: 'info',
      path: 'META.yaml',
      pointer: '/methodology_version',
      message: `The pack follows methodology ${String(version)}, but the catalog says ${methodologyVersion}.`,
    });
  }
  return { ...manifest, installClasses: readClasses(member(document, 'install'), invalid) };
}

const noClasses: InstallClasses = { shipped: [], state: [], local: [] };

function readClasses(
  install: unknown,
  invalid: (pointer: string, message: string) => void,
): InstallClasses {
  if (install === undefined) return noClasses;
  if (!isMembers(install)) {
    invalid('/install', 'install is not a mapping.');
    return noClasses;
  }
  for (const key of Object.keys(install)) {
    if (!Object.hasOwn(noClasses, key)) {
      invalid(`/install/${pointerPart(key)}`, `install has an unknown key "${key}".`);
    }
  }
  const globs = (key: keyof InstallClasses): string[] => {
    const list = member(install, key);
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      invalid(`/install/${key}`, `${key} is not a list of globs.`);
      return [];
    }
    return (list as unknown[]).filter((glob, index): glob is string => {
      if (typeof glob === 'string') return true;
      invalid(`/install/${key}/${index}`, `${key} holds something that is not a valid glob.`);
      return false;
    });
  };
  return { shipped: globs('shipped'), state: globs('state'), local: globs('local') };
}
