import { helperRelease } from './helper-pack.ts';
import { expectRefused, openScene, soundPack, type Refusal, type Runner } from './hostile-scene.ts';
import type { RepositoryFiles } from './repository.ts';

const newer: RepositoryFiles = { ...soundPack, 'IDENTITY_PROMPT.md': 'two\n', 'new.md': 'new\n' };

/** A scene in which v2.0.0 waits, so that every run has something to do. */
export async function openWaiting(runAs?: Runner) {
  const scene = await openScene(runAs);
  const { repository, directory, home, run } = scene;
  repository.annotate('v2.0.0', repository.commit(helperRelease(newer)));
  const install = (...args: string[]) =>
    run('identity-install', 'helper', '--replace', '--backup', '--include-state', ...args);
  const refuses = (refusal: Refusal, ...args: string[]) =>
    expectRefused(() => install(...args), refusal, [home, directory]);
  return { ...scene, install, refuses };
}
