import { readFileSync } from 'node:fs';
import { lte, valid } from 'semver';
import { describe, expect, it } from 'vitest';
import {
  currentFormat,
  prepareHome,
  readFormat,
  removeFormatDrafts,
} from '../../src/instance/format.ts';
import { homeLayout } from '../../src/instance/layout.ts';
import type { FileSystem } from '../../src/platform/file-system.ts';
import { Crash, createFailingFileSystem } from '../support/failing-file-system.ts';
import { createMemoryFileSystem } from '../support/memory-file-system.ts';

const layout = homeLayout('/srv/ann/home');
const ref = '20261120-235959-3f9a1c';
const { version: packageVersion } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string };

describe('homeLayout', () => {
  it('is the layout of docs/evidence-format.md', () => {
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
    expect(fs.read(layout.formatFile).toString()).toBe('{"layout":1,"needs":"0.1.0"}\n');
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

  it('that dies at any call leaves nothing for good', () => {
    const sound = createFailingFileSystem(createMemoryFileSystem({ '/srv': null }), {
      syncs: true,
    });
    prepareHome({ fs: sound, layout, umask: 0, ref });
    const expected = sound.list(layout.stateDirectory);
    expect(sound.log.length).toBeGreaterThan(10);
    for (const when of ['before', 'during', 'after'] as const) {
      for (const at of sound.log.keys()) {
        const fs = createMemoryFileSystem({ '/srv': null });
        const fault = { kind: 'crash', at: at + 1, when } as const;
        const dying = createFailingFileSystem(fs, { fault, syncs: true });
        expect(() => prepareHome({ fs: dying, layout, umask: 0, ref })).toThrow(Crash);
        prepareHome({ fs, layout, umask: 0, ref: '20261121-000000-3f9a1d' });
        removeFormatDrafts(fs, layout);
        expect(fs.list(layout.stateDirectory), `${when} ${sound.log[at]}`).toEqual(expected);
      }
    }
  });

  it('is content when another run has made the home and cleared its draft away', () => {
    for (const call of ['read', 'sync', 'rename'] as const) {
      const fs = createMemoryFileSystem({ '/srv': null });
      const others = '20261121-000000-3f9a1d';
      let met = false;
      const meanwhile = (name: typeof call, path: string): void => {
        if (met || name !== call || !path.endsWith(ref)) return;
        met = true;
        prepareHome({ fs, layout, umask: 0, ref: others });
        removeFormatDrafts(fs, layout);
      };
      const racing: FileSystem = {
        ...fs,
        read(path) {
          meanwhile('read', path);
          return fs.read(path);
        },
        sync(path) {
          meanwhile('sync', path);
          fs.sync(path);
        },
        rename(from, to) {
          meanwhile('rename', from);
          fs.rename(from, to);
        },
      };
      prepareHome({ fs: racing, layout, umask: 0, ref });
      expect(met, call).toBe(true);
      expect(readFormat(fs, layout)).toBe(1);
    }
  });
});

describe('readFormat', () => {
  it.each([
    ['{"layout":1}', 1],
    ['{"layout":1,"needs":"0.1.0","note":"x"}', 1],
    ['{"layout":1,"needs":"9.0.0"}', 1],
    ['{"layout":2}', 'E_LAYOUT_NEWER'],
    ['{"layout":"1"}', 'E_FORMAT_DAMAGED'],
    ['{"layout":0}', 'E_FORMAT_DAMAGED'],
    ['[]', 'E_FORMAT_DAMAGED'],
    ['', 'E_FORMAT_DAMAGED'],
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

  it.each([
    ['"0.2.0"', 'identity-install 0.2.0 or newer'],
    ['"1.0.0-rc.1"', 'identity-install 1.0.0-rc.1 or newer'],
    // What cannot be a version is not printed.
    ['"\\u001b[2J"', 'a newer identity-install'],
    ['"0.2.0; rm"', 'a newer identity-install'],
    [`"${'1'.repeat(70)}.0.0"`, 'a newer identity-install'],
    ['2', 'a newer identity-install'],
    ['{}', 'a newer identity-install'],
  ])('says what a newer layout needs, by %s: %s', (needs, said) => {
    const text = `{"layout":2,"needs":${needs}}`;
    const fs = createMemoryFileSystem({ [layout.formatFile]: text });
    const message = `This home needs ${said}: /srv/ann/home has layout 2, and this version knows layouts up to 1.`;
    expect(() => readFormat(fs, layout)).toThrow(
      expect.objectContaining({ code: 'E_LAYOUT_NEWER', message }),
    );
  });

  it('refuses a state directory that is a link', () => {
    const fs = createMemoryFileSystem({ '/srv/ann/home': null, '/srv/elsewhere': null });
    fs.raw.symlinkSync('/srv/elsewhere', layout.stateDirectory);
    expect(() => readFormat(fs, layout)).toThrow(
      expect.objectContaining({ code: 'E_HOME_UNSAFE' }),
    );
  });
});

describe('currentFormat', () => {
  it('needs a version of this program, and none that is still to come', () => {
    expect(valid(currentFormat.needs)).toBe(currentFormat.needs);
    expect(lte(currentFormat.needs, packageVersion)).toBe(true);
  });
});

describe('removeFormatDrafts', () => {
  it('removes what it knows, and nothing else', () => {
    const at = (name: string) => `${layout.stateDirectory}/${name}`;
    const fs = createMemoryFileSystem({
      [at(`format.json.${ref}`)]: 'half',
      [at('format.json.mine')]: 'mine',
      [at(`format.json.${ref}.mine`)]: 'mine',
      [at('format.json')]: '{"layout":1}',
      [at('format.json.20261121-000000-3f9a1d')]: null,
    });
    removeFormatDrafts(fs, layout);
    expect(fs.list(layout.stateDirectory)).toEqual([
      'format.json',
      `format.json.${ref}.mine`,
      'format.json.20261121-000000-3f9a1d',
      'format.json.mine',
    ]);
  });
});
