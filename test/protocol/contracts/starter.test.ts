import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDiskFileSystem } from '../../../src/platform/disk/disk.ts';
import { catalogPath, parseCatalog } from '../../../src/protocol/catalog.ts';
import { directoryView, viewBelow } from '../../../src/protocol/documents/file-view.ts';
import { createSubject } from '../../../src/protocol/contracts/subject/subject.ts';
import { validatePack } from '../../../src/protocol/contracts/validate.ts';

const releases = join(import.meta.dirname, '..', '..', '..', 'starter', 'releases');

/** What an installation adds: a pack that is only released has no reports of one. */
const afterInstallation = ['INSTALL_UNREPORTED', 'INSTALL_PROVENANCE_OPERATION_MISSING'];

/** On the day after its newest samples, and a year later. */
const written = new Date('2026-11-21T12:00:00Z');
const aYearLater = new Date('2027-11-21T12:00:00Z');

describe.each(readdirSync(releases))('the starter %s', (tag) => {
  const root = directoryView(createDiskFileSystem(), join(releases, tag));
  const { identities } = parseCatalog(
    readFileSync(join(releases, tag, catalogPath)),
    catalogPath,
  ).catalog;

  test.each(identities)('$id keeps every contract but those of an installation', (entry) => {
    const codes = (now: Date) =>
      validatePack(
        createSubject({
          id: entry.id,
          now,
          pack: viewBelow(root, entry.packPath ?? ''),
          catalog: { path: catalogPath, root },
        }),
      )
        .map(({ code }) => code)
        .filter((code) => !afterInstallation.includes(code));
    expect(codes(written)).toEqual([]);
    const later = codes(aYearLater);
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((code) => !code.endsWith('_STALE'))).toEqual([]);
  });
});
