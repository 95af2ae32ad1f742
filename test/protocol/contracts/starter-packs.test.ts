import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createDiskFileSystem } from '../../../src/platform/disk.ts';
import { catalogPath } from '../../../src/protocol/catalog.ts';
import { directoryView, viewBelow } from '../../../src/protocol/contracts/file-view.ts';
import { createSubject } from '../../../src/protocol/contracts/subject.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';

const releases = fileURLToPath(new URL('../../../starter/releases', import.meta.url));

test.each(
  ['v1.0.0', 'v1.1.0'].flatMap((version) =>
    ['code-reviewer', 'release-engineer'].map((id) => [version, id] as const),
  ),
)('the starter of %s ships a %s that keeps every contract', (version, id) => {
  const root = directoryView(createDiskFileSystem(), join(releases, version));
  const subject = createSubject({
    id,
    now: new Date('2026-11-21T12:00:00Z'),
    pack: viewBelow(root, `identity/packs/${id}`),
    catalog: { path: catalogPath, root },
  });
  // Its records are samples, which get old.
  const lasting = validatePack(subject).filter(({ code }) => !code.endsWith('_STALE'));
  expect(lasting).toEqual([]);
});
