import type { InstallRequest } from './request.ts';

/**
 * What each member of an install request means, as every surface that offers it says it: a phrase
 * without a full stop, and without the form in which the surface takes it.
 */
export const installOptionTexts = {
  from:
    'git URL, owner/repo, local repository, bundle, directory or .tar.gz; ' +
    'default: where it came from before, else the built-in starter',
  release: 'semver range, tag or commit; default: the latest stable tag',
  offline: 'only releases that were fetched before',
  backup: 'keep a verified copy of the whole instance; replace needs it',
  prune: 'with replace: remove unchanged files that the release dropped',
  includeState: 'with replace: files that the agent writes, too',
  keep: 'treat files that match this glob as yours',
  restoreDeleted: 'bring back files that were deleted here',
  register: 'enter the identity in catalog.local.yaml',
  activate: 'make it the default, and active, there',
  allowDowngrade: 'accept an older release',
  requireValid: 'refuse a pack that is incomplete or breaks a contract',
  strict: 'refuse a pack that hides text from its readers',
  planDigest: 'apply exactly the plan with this digest, or nothing',
} as const satisfies Partial<Record<keyof InstallRequest, string>>;
