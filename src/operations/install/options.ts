import type { InstallRequest } from './request.ts';

/**
 * The meaning of each member of an install request, in the words that every surface uses: a phrase
 * without a full stop, and without the syntax of the surface.
 */
export const installOptionTexts = {
  from:
    'git URL, owner/repo, local repository, bundle, directory or .tar.gz; ' +
    'default: the source of the last install, or the built-in starter',
  release: 'semver range, tag or commit; default: the latest stable tag',
  offline: 'only releases that were fetched before',
  backup: 'keep a verified copy of the whole instance; replace needs it',
  prune: 'with replace: remove unchanged files that the release dropped',
  includeState: 'with replace: files that the agent writes, too',
  keep: 'treat files that match this glob as yours',
  restoreDeleted: 'bring back files that were deleted here',
  register: 'register the identity in catalog.local.yaml',
  activate: 'make it active and the default there',
  allowDowngrade: 'accept an older release',
  requireValid: 'refuse a pack that is incomplete or breaks a contract',
  strict: 'refuse a pack that hides text from its readers',
  planDigest: 'apply exactly the plan with this digest, or nothing',
} as const satisfies Partial<Record<keyof InstallRequest, string>>;
