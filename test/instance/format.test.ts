import { describe, expect, it } from 'vitest';
import { prepareHome, readFormat } from '../../src/instance/format.ts';
import { homeLayout } from '../../src/instance/layout.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';

const layout = homeLayout('/srv/ann/home');
const ref = '20261120-235959-3f9a1c';

describe('homeLayout', () => {
  it('is the layout of DESIGN.md §5', () => {
    expect(layout).toMatchObject({
      instances: '/srv/ann/home/instances',
      localCatalog: '/srv/ann/home/catalog.local.yaml',
      formatFile: '/srv/ann/home/.identity-install/format.json',
      releasesGit: '/srv/ann/home/.identity-install/releases.git',
      ledger: '/srv/ann/home/.identity-install/ledger.jsonl',
      lock: '/srv/ann/home/.identity-install/lock',
      releasesLock: '/srv/ann/home/.identity-install/releases.lock',
    });
    expect(layout.recordFile('store-manager')).toMatch(
      /\.identity-install\/record\/store-manager\.json$/,
    );
    expect(layout.snapshots(ref)).toEqual({
      archive: `/srv/ann/home/.identity-install/snapshots/${ref}.tar.gz`,
      manifest: `/srv/ann/home/.identity-install/snapshots/${ref}.json`,
      checksum: `/srv/ann/home/.identity-install/snapshots/${ref}.sha256`,
    });
    expect(layout.journalDraft(ref)).toBe(`${layout.journalEntry(ref)}.new`);
  });
});

describe('prepareHome', () => {
  it('makes what is missing, private where it is ours, and is content the second time', () => {
    const fs = createMemoryFileSystem({ '/srv': null });
    prepareHome({ fs, layout, umask: 0o027, ref });
    expect(fs.stat('/srv/ann/home')?.mode).toBe(0o750);
    expect(fs.stat(layout.stateDirectory)?.mode).toBe(0o700);
    expect(fs.read(layout.formatFile).toString()).toBe('{"layout":1}\n');
    expect(fs.list(layout.stateDirectory)).toEqual([
      'displaced',
      'evidence',
      'format.json',
      'journal',
      'record',
      'reports',
      'snapshots',
    ]);
    const before = fs.stat(layout.formatFile)?.inode;
    prepareHome({ fs, layout, umask: 0o027, ref });
    expect(fs.stat(layout.formatFile)?.inode).toBe(before);
  });

  it('finishes what an interrupted run began', () => {
    const fs = createMemoryFileSystem({ [`${layout.stateDirectory}/record`]: null });
    expect(readFormat(fs, layout)).toBeUndefined();
    prepareHome({ fs, layout, umask: 0, ref });
    expect(readFormat(fs, layout)).toBe(1);
  });
});

describe('readFormat', () => {
  it.each([
    ['{"layout":1,"note":"x"}', 1],
    ['{"layout":2}', 'E_LAYOUT_NEWER'],
    ['{"layout":"1"}', 'E_DOCUMENT_INVALID'],
    ['{"layout":0}', 'E_DOCUMENT_INVALID'],
    ['[]', 'E_DOCUMENT_INVALID'],
    ['', 'E_DOCUMENT_INVALID'],
  ])('%j: %s', (text, outcome) => {
    const fs = createMemoryFileSystem({ [layout.formatFile]: text });
    if (typeof outcome === 'number') expect(readFormat(fs, layout)).toBe(outcome);
    else {
      expect(() => readFormat(fs, layout)).toThrow(expect.objectContaining({ code: outcome }));
      expect(() => prepareHome({ fs, layout, umask: 0, ref })).toThrow(
        expect.objectContaining({ code: outcome }),
      );
      expect(fs.list(layout.stateDirectory)).toEqual(['format.json']);
    }
  });

  it('refuses a state directory that is a link', () => {
    const fs = createMemoryFileSystem({ '/srv/ann/home': null, '/srv/elsewhere': null });
    fs.raw.symlinkSync('/srv/elsewhere', layout.stateDirectory);
    expect(() => readFormat(fs, layout)).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
  });
});
