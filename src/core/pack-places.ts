import type { PackPath } from './path.ts';

/**
 * Where a repository keeps packs that no catalog places: new, then legacy
 * (docs/protocol.md#where-packs-are). Of the same id in both, the one in the earlier place counts.
 */
export const packPlaces: readonly PackPath[] = ['identity/packs', 'identity'];

/** Files of which one makes a directory a pack where no catalog says so. */
export const packMarkers: readonly string[] = ['IDENTITY_PROMPT.md', 'CURRENT_TASK.json'];
