import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/error-codes.ts';
import { expectRefused, makeScene, type HostileScene } from '../support/hostile-scene.ts';
import { jsonOf } from '../support/program.ts';
import { hostileReleases, type PackEntries } from '../support/hostile-tree.ts';
import { suiteDirectory } from '../support/temporary-directory.ts';

const directory = suiteDirectory();
let scene: HostileScene;
let releaseTree: (entries: PackEntries) => string;
beforeAll(async () => {
  scene = await makeScene(directory);
  releaseTree = hostileReleases(scene.repository);
});

let releases = 0;

/** Publishes a release whose pack holds these entries besides its own, and tries to install it. */
function refuses(code: ErrorCode, entries: PackEntries, names: string | readonly string[] = []) {
  const { repository, home, run } = scene;
  releases += 1;
  const tag = `v1.0.${releases}`;
  repository.annotate(tag, repository.commitTree(releaseTree(entries)));
  const args = ['helper', '--release', tag, '--replace', '--backup', '--include-state'];
  return expectRefused(() => run('identity-install', ...args), { code, names }, [home]);
}

const file = (name: string | Buffer) => (blob: string) => [{ mode: '100644', name, oid: blob }];

describe('a name', () => {
  it.each<[string | Buffer, string]>([
    ['..\\..\\victim', 'backslash'],
    ['.git\u00ad', '.git'],
    ['C:x', 'colon'],
    ['a:ads', 'colon'],
    ['CON', 'device'],
    ['nul.txt', 'device'],
    ['COM1', 'device'],
    ['lpt\u00b9.md', 'device'],
    ['trailing.', 'end of a name'],
    ['trailing ', 'end of a name'],
    ['line\nfeed', 'control'],
    ['esc\u001b[2J', 'control'],
    ['csi\u009b2J', 'control'],
    ['del\u007f', 'control'],
    ['bidi\u202etxt.exe', 'invisible'],
    ['zero\u200bwidth', 'invisible'],
    ['tag\u{e0041}', 'invisible'],
    ['soft\u00adhyphen', 'invisible'],
    ['hangul\u3164filler', 'invisible'],
    ['-rf', 'dash'],
    ['--checkpoint-action=exec=sh', 'dash'],
    [Buffer.from([0x61, 0xff, 0xfe]), 'not UTF-8'],
    [Buffer.from([0xed, 0xa0, 0x80]), 'not UTF-8'],
    [Buffer.from([0xc0, 0xae, 0xc0, 0xae]), 'not UTF-8'],
  ])('%j is refused: %s', async (name, why) => {
    await refuses('E_PACK_PATH', file(name), why);
  });

  // git's own check stands before ours; a fetch that it ends keeps nothing.
  it.each([
    '..',
    '.',
    '',
    '/etc/passwd',
    'a/../../../victim',
    '.git',
    '.GiT',
    'GIT~1',
    '.g\u200cit',
  ])('%j does not get past the fetch', async (name) => {
    await refuses('E_PACK_PATH', file(name), name === '' ? 'empty path' : 'leads elsewhere');
  });

  it('is refused as a directory just so', async () => {
    for (const name of ['..', '.git', 'aux', '-r', 'a\u202eb']) {
      await refuses('E_PACK_PATH', (blob, { rawTree }) => [
        { mode: '40000', name, oid: rawTree(file('inner')(blob)) },
      ]);
    }
  });

  it.each([
    ['over 255 bytes', 'x'.repeat(256)],
    ['over 255 bytes in few characters', 'ä'.repeat(128)],
  ])('%s is too long', async (_what, name) => {
    await refuses('E_PACK_LIMIT', file(name), '255');
  });
});

describe('a tree', () => {
  it('with a file for a directory is damage of the source, which no second try mends', async () => {
    const entries: PackEntries = (oid) => [{ mode: '40000', name: 'sub', oid }];
    await refuses('E_SOURCE_DAMAGED', entries, 'does not help');
  });
});

describe('an entry', () => {
  it.each<[string, ErrorCode, PackEntries]>([
    ['link', 'E_PACK_ENTRY', (oid) => [{ mode: '120000', name: 'link', oid }]],
    ['submodule', 'E_PACK_ENTRY', () => [{ mode: '160000', name: 'sub', oid: 'a'.repeat(40) }]],
    ['.gitmodules', 'E_PACK_ENTRY', file('.gitmodules')],
    ['.GITMODULES', 'E_PACK_ENTRY', file('.GITMODULES')],
    ['GITMOD~1', 'E_PACK_ENTRY', file('GITMOD~1')],
    ['set-user-id file', 'E_PACK_ENTRY', (oid) => [{ mode: '104755', name: 'suid', oid }]],
    ['group-writable file', 'E_PACK_ENTRY', (oid) => [{ mode: '100664', name: 'group', oid }]],
    ['world-writable file', 'E_PACK_ENTRY', (oid) => [{ mode: '100666', name: 'world', oid }]],
    ['device', 'E_PACK_ENTRY', (oid) => [{ mode: '20644', name: 'device', oid }]],
    ['mode of nothing', 'E_PACK_ENTRY', (oid) => [{ mode: '0', name: 'zero', oid }]],
    [
      'bare repository',
      'E_PACK_ENTRY',
      (blob, { rawTree }) => {
        const inner = rawTree(file('x')(blob));
        const bare = rawTree([
          { mode: '100644', name: 'HEAD', oid: blob },
          { mode: '40000', name: 'objects', oid: inner },
          { mode: '40000', name: 'refs', oid: inner },
        ]);
        return [{ mode: '40000', name: 'bare', oid: bare }];
      },
    ],
    [
      'git-LFS pointer',
      'E_PACK_LFS',
      (_blob, { blob }) =>
        file('model.bin')(
          blob(
            `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 99\n`,
          ),
        ),
    ],
  ])('%s is refused: %s', async (_what, code, entries) => {
    await refuses(code, entries);
  });
});

describe('two names', () => {
  it.each([
    ['twice the same', 'same', 'same'],
    ['case', 'Readme.md', 'README.md'],
    ['the pack and its own', 'identity_prompt.md', 'x'],
    ['sharp s', 'STRASSE', 'straße'],
    ['final sigma', 'ΟΔΟΣ', 'οδος'],
    ['NFC and NFD', 'caf\u00e9', 'cafe\u0301'],
    ['ligature', 'ﬁle', 'file'],
    ['kelvin sign', 'K', 'k'],
  ])('that are one file somewhere are refused: %s', async (_what, one, other) => {
    await refuses('E_PACK_COLLISION', (blob) => [...file(one)(blob), ...file(other)(blob)]);
  });

  it('a file and a directory of one name are refused, also by case', async () => {
    for (const name of ['both', 'BOTH']) {
      await refuses('E_PACK_COLLISION', (blob, { rawTree }) => [
        ...file('both')(blob),
        { mode: '40000', name, oid: rawTree(file('inner')(blob)) },
      ]);
    }
  });
});

describe('a tree', () => {
  it('deeper than 32 levels is refused, and one without end at once', async () => {
    for (const levels of [33, 2000]) {
      await refuses('E_PACK_LIMIT', (blob, { rawTree }) => {
        let oid = rawTree(file('x')(blob));
        for (let level = 0; level < levels && level < 60; level += 1) {
          oid = rawTree([{ mode: '40000', name: 'd', oid }]);
        }
        return [{ mode: '40000', name: 'deep', oid }];
      });
    }
  });

  it('that spells out 10^12 entries is refused', async () => {
    await refuses('E_PACK_LIMIT', (blob, { rawTree }) => {
      let oid = rawTree(file('x')(blob));
      for (let level = 0; level < 12; level += 1) {
        const names = '0 1 2 3 4 5 6 7 8 9'.split(' ');
        const directory = oid;
        oid = rawTree(names.map((name) => ({ mode: '40000', name, oid: directory })));
      }
      return [{ mode: '40000', name: 'bomb', oid }];
    });
  });

  it('with a file over the limit is refused, however small it travels', async () => {
    await refuses(
      'E_PACK_LIMIT',
      (_blob, { blob }) => file('big.bin')(blob(Buffer.alloc(64 * 1024 * 1024 + 1))),
      'big.bin',
    );
  });

  it('with several faults names the worst, and all of them under --json', async () => {
    const { run, repository, home } = scene;
    const tree = releaseTree((blob) => [
      ...file('-rf')(blob),
      { mode: '120000', name: 'link', oid: blob },
      ...file('esc\u001b[2J')(blob),
    ]);
    repository.annotate('v1.1.0', repository.commitTree(tree));
    await expectRefused(
      () => run('identity-install', 'helper', '--release', 'v1.1.0'),
      { code: 'E_PACK_PATH', names: '2 more' },
      [home],
    );
    const { stdout } = await run('identity-install', 'helper', '--release', 'v1.1.0', '--json');
    expect(jsonOf({ stdout })).toMatchObject({
      code: 'E_PACK_PATH',
      details: {
        findings: [
          { code: 'PATH_DASH', path: '-rf' },
          { code: 'PATH_CONTROL', path: 'esc\u001b[2J' },
          { code: 'ENTRY_LINK', path: 'link' },
        ],
      },
    });
    expect(stdout).not.toContain('\u001b');
  });
});
