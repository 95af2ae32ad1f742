import { parseJson } from '../core/bounded-json.ts';
import { parseYaml } from '../core/bounded-yaml.ts';
import { InstallError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { PackPath } from '../core/path.ts';
import { isMembers, member, pointerPart } from './members.ts';

/** PROTOCOL.md §2 (seed 004). */
export const requiredPackFiles: readonly PackPath[] = [
  'IDENTITY_PROMPT.md',
  'CURRENT_TASK.json',
  'TASK_HISTORY.md',
  'META.yaml',
];

/** Globs that a pack declares under `install:` in `META.yaml`, as they stand there. */
export interface InstallClasses {
  readonly shipped: readonly string[];
  readonly state: readonly string[];
  readonly local: readonly string[];
}

export interface PackManifest {
  readonly installClasses: InstallClasses;
  readonly findings: readonly Finding[];
}

/**
 * What a pack says of itself. Missing files are findings: real releases before v1.2.2 lack
 * `META.yaml`. A `methodology_version` that differs from the catalog's is no news and not looked
 * at: it does in every real release.
 *
 * @param options.meta bytes of `META.yaml`, where the pack has one
 * @param options.currentTask bytes of `CURRENT_TASK.json`, where the pack has one
 * @throws InstallError E_PACK_ID_MISMATCH, E_DOCUMENT_INVALID
 */
export function readPackManifest(options: {
  readonly id: string;
  /** The files of the pack. */
  readonly paths: Pick<ReadonlyMap<PackPath, unknown> | ReadonlySet<PackPath>, 'has'>;
  readonly meta?: Uint8Array;
  readonly currentTask?: Uint8Array;
}): PackManifest {
  const { id, paths, meta, currentTask } = options;
  // Agents and checkers parse it without bounds: what we would not parse is not handed to them.
  if (currentTask !== undefined) parseJson(currentTask, { path: 'CURRENT_TASK.json' });
  const findings = requiredPackFiles
    .filter((path) => !paths.has(path))
    .map((path): Finding => ({
      code: 'PACK_FILE_MISSING',
      severity: 'warn',
      path,
      message: `The pack has no ${path}.`,
    }));
  if (meta === undefined) return { installClasses: noClasses, findings };

  const document = parseYaml(meta, { path: 'META.yaml' });
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
    invalid('', 'META.yaml is no mapping.');
    return { installClasses: noClasses, findings };
  }
  const own = member(document, 'id');
  if (typeof own !== 'string') invalid('/id', 'META.yaml names no id.');
  else if (own !== id) {
    throw new InstallError(
      'E_PACK_ID_MISMATCH',
      `The pack of "${id}" says in META.yaml that it is "${own}".`,
      {
        hint: 'Choose another release, or tell the maintainers of this one.',
        details: { id, metaId: own },
      },
    );
  }
  return { installClasses: readClasses(member(document, 'install'), invalid), findings };
}

const noClasses: InstallClasses = { shipped: [], state: [], local: [] };

function readClasses(
  install: unknown,
  invalid: (pointer: string, message: string) => void,
): InstallClasses {
  if (install === undefined) return noClasses;
  if (!isMembers(install)) {
    invalid('/install', 'install is no mapping.');
    return noClasses;
  }
  for (const key of Object.keys(install)) {
    if (!Object.hasOwn(noClasses, key)) {
      invalid(`/install/${pointerPart(key)}`, `install takes no key "${key}".`);
    }
  }
  const globs = (key: keyof InstallClasses): string[] => {
    const list = member(install, key);
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      invalid(`/install/${key}`, `${key} is no list of globs.`);
      return [];
    }
    return (list as unknown[]).filter((glob, index): glob is string => {
      if (typeof glob === 'string') return true;
      invalid(`/install/${key}/${index}`, `${key} holds something that is no glob.`);
      return false;
    });
  };
  return { shipped: globs('shipped'), state: globs('state'), local: globs('local') };
}
