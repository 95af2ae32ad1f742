import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { helperRelease } from '../support/helper-pack.ts';
import { expectRefused, makeScene, type HostileScene } from '../support/hostile-scene.ts';
import { packed, fileMember } from '../support/tar-fixtures.ts';
import { suiteDirectory } from '../support/temporary-directory.ts';
import { outputFileSync } from 'fs-extra/esm';

const directory = suiteDirectory();
const files: Record<string, string> = {
  'IDENTITY_PROMPT.md': 'prompt\n',
  'CURRENT_TASK.json': '{"objective": "help"}\n',
  'TASK_HISTORY.md': '# history\n',
  'META.yaml': 'id: helper\n',
  'a/b/c/deep.md': 'x',
  [`${'n'.repeat(40)}.md`]: 'x',
  'large.md': 'x'.repeat(5000),
};
let scene: HostileScene;
const sources: Record<string, string> = {};

beforeAll(async () => {
  scene = await makeScene(directory);
  const { repository } = scene;
  repository.annotate('v2.0.0', repository.commit(helperRelease(files)));
  sources['repository'] = repository.path;
  sources['bundle'] = join(directory, 'releases.bundle');
  repository.git('bundle', 'create', '--quiet', sources['bundle'], '--tags');
  sources['directory'] = join(directory, 'pack', 'helper');
  mkdirSync(sources['directory'], { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    outputFileSync(join(sources['directory'], path), content);
  }
  sources['archive'] = join(directory, 'helper.tar.gz');
  const members = Object.entries(files).map(([path, text]) => fileMember(path, text));
  outputFileSync(sources['archive'], await packed(members));
});

describe.each(['repository', 'bundle', 'directory', 'archive'])('from a %s', (kind) => {
  it.each([
    ['--max-entries', '5', /at least \d+ files and directories, over the limit of 5\b/],
    ['--max-file-bytes', '4K', /large\.md: a file of 5000 bytes, over the limit of 4096\b/],
    ['--max-total-bytes', '2K', /at least \d+ bytes in all, over the limit of 2048\b/],
    ['--max-depth', '3', /deep\.md: 4 levels of directories, over the limit of 3\b/],
    ['--max-depth', '1', /: [234] levels of directories, over the limit of 1\b/],
    ['--max-name-bytes', '20', /a name of 43 bytes, over the limit of 20\b/],
  ])('%s %s is kept, and reported with what was found', async (option, value, figures) => {
    const act = () =>
      scene.run('identity-install', 'helper', '--from', sources[kind] ?? '', option, value);
    const ran = await expectRefused(act, { code: 'E_PACK_LIMIT', names: option }, [scene.home]);
    expect(ran.stderr).toMatch(figures);
  });

  it('what is too large is named as it is: the pack, or all that the release has', async () => {
    const source = sources[kind] ?? '';
    const isTree = kind === 'repository' || kind === 'bundle';
    const subject = isTree
      ? 'The release has too much below identity: at least'
      : `The pack at ${source} is refused: at least`;
    const act = () => scene.run('identity-install', '--from', source, '--max-entries', '5');
    await expectRefused(act, { code: 'E_PACK_LIMIT', names: subject }, [scene.home]);
  });

  it('a limit that is raised lets the same pack in', async () => {
    const args = ['helper', '--from', sources[kind] ?? '', '--plan'];
    const limits = ['--max-entries', '12', '--max-file-bytes', '5K', '--max-depth', '4'];
    expect(await scene.run('identity-install', ...args, ...limits)).toMatchObject({ status: 0 });
  });
});
