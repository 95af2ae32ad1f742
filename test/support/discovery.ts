import {
  createDiscoveryContext,
  type DiscoveryContext,
} from '../../src/protocol/discovery/list-identities.ts';
import { createTestDisk } from './test-disk.ts';
import { createSystemClock } from '../../src/platform/system-clock.ts';
import { readOnly } from '../../src/platform/files/read-only.ts';
import type { Seed } from './temporary-directory.ts';

/** Discovery on the real disk, which it cannot write to. */
export function discoveryContext(
  given: Partial<Parameters<typeof createDiscoveryContext>[0]> = {},
): DiscoveryContext {
  return createDiscoveryContext({
    fs: readOnly(createTestDisk()),
    clock: createSystemClock(),
    workingDirectory: '/',
    parentRoots: false,
    furtherRoots: [],
    uid: process.getuid?.(),
    ...given,
  });
}

/** A catalog entry, with what the test adds, as the lines of a YAML list. */
export function entryYaml(id: string, given: Readonly<Record<string, unknown>> = {}): string {
  const entry = {
    id,
    title: `Title of ${id}`,
    description: `What ${id} is there for`,
    status: 'active',
    methodology_version: 'v1.0',
    pack_path: `identity/packs/${id}`,
    ...given,
  };
  return `  - ${JSON.stringify(entry)}\n`;
}

export function catalogYaml(entries: readonly string[], defaultIdentity = ''): string {
  const head = `version: "1.0"\ndefault_identity: ${JSON.stringify(defaultIdentity)}\n`;
  return `${head}identities:\n${entries.join('')}`;
}

/** A root with these identities, each with a pack. */
export function rootSeed(ids: readonly string[], defaultIdentity = ids[0]): Seed {
  return {
    'identity/catalog/identities.yaml': catalogYaml(
      ids.map((id) => entryYaml(id)),
      defaultIdentity,
    ),
    ...Object.fromEntries(
      ids.map((id) => [`identity/packs/${id}/IDENTITY_PROMPT.md`, `# ${id}\n`]),
    ),
  };
}
