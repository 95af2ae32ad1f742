import type { PackPath } from './path.ts';

/**
 * Where a repository keeps packs whose place no catalog gives: new, then legacy
 * (docs/protocol.md#where-packs-are). If both places hold the same id, the earlier place wins.
 */
export const packPlaces: readonly PackPath[] = ['identity/packs', 'identity'];

/** Without a catalog entry, a directory is a pack if it holds one of these files. */
export const packMarkers: readonly string[] = ['IDENTITY_PROMPT.md', 'CURRENT_TASK.json'];
