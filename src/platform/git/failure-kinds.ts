/** What git's messages mean: every way in which git fails by itself is recognised here. */
import type { ErrorCode } from '../../core/error-codes.ts';
import { steps, type Remedy, type RemedyLike } from '../../core/remedy.ts';
import type { GitRemote } from '../git.ts';

/** The reasons that a caller may act on, in `details.reason`; everything else is for the reader. */
export type GitFailureReason =
  | 'authentication'
  | 'certificate'
  | 'corrupt'
  | 'forbidden-transport'
  | 'foreign'
  | 'hostile-tree'
  | 'incomplete-bundle'
  | 'interrupted'
  | 'missing-git'
  | 'missing-ref'
  | 'no-space'
  | 'not-a-repository'
  | 'other'
  | 'redirected'
  | 'stalled'
  | 'too-much'
  | 'unadvertised'
  | 'unreachable';

/** One kind of failure, as it is reported. */
export interface FailureKind {
  readonly reason: GitFailureReason;
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: RemedyLike;
}

const unreachable = (
  reason: GitFailureReason,
  message: string,
  remedy: RemedyLike,
): FailureKind => ({
  reason,
  code: 'E_SOURCE_UNREACHABLE',
  message,
  remedy,
});

export const announcedTooMuch = 'The source announced more than a protocol repository can hold';
export const notAProtocolServer =
  'Check the address: this is not a protocol repository, or its server is broken.';
const askForBundle =
  'Ask its owner for a bundle (`git bundle create releases.bundle --tags`) and use that.';
const offline: Remedy = { kind: 'option', option: 'offline', to: 'use what is in the cache' };

/** git's own object check found a tree that cannot be a pack; nothing of it was kept. */
const hostileTree = (
  pattern: RegExp,
  code: ErrorCode,
  what: string,
): readonly [RegExp, FailureKind] => [
  pattern,
  {
    reason: 'hostile-tree',
    code,
    message: `The release holds ${what}`,
    remedy: 'Nothing was changed. Tell the maintainers of the release, or choose another one.',
  },
];

function fsckError(ids: string): RegExp {
  return new RegExp(`^error: object [0-9a-f]+: (${ids}): `, 'm');
}

const damaged: FailureKind = {
  reason: 'corrupt',
  code: 'E_SOURCE_DAMAGED',
  message: 'The source holds objects that are damaged or missing',
  remedy:
    'Nothing was changed, and running it again does not help. Tell the maintainers of the source: git fsck names the objects there. Or choose another release.',
};

/**
 * git's messages for bytes that arrived completely and are wrong, not for an interrupted transfer.
 */
const wrongBytes =
  /bad object|corrupt|inflate returned|missing (blob|tree|commit)|did not send all/;

/** The first pattern found in git's messages wins. */
const kinds: readonly (readonly [RegExp, FailureKind])[] = [
  [
    /unknown (option|switch)|is not a git command/,
    {
      reason: 'missing-git',
      code: 'E_GIT_MISSING',
      message: 'The installed git is too old',
      remedy: 'Install git 2.34 or newer.',
    },
  ],
  [
    // GIT_ALLOC_LIMIT: the server made git collect more in one buffer than it may.
    /attempting to allocate \d+ over limit/,
    unreachable('too-much', announcedTooMuch, notAProtocolServer),
  ],
  [
    // http.lowSpeedTime: git's own timeout for a silent server.
    /Operation too slow/,
    unreachable('stalled', 'The source stopped answering', steps('Try again later.', offline)),
  ],
  [
    /dumb http transport/,
    unreachable('not-a-repository', 'The server does not speak git’s smart protocol', askForBundle),
  ],
  [
    /Maximum \(\d+\) redirects followed/,
    unreachable(
      'unreachable',
      'The source redirects without end',
      'Check the address with git ls-remote.',
    ),
  ],
  [
    /Protocol ".*" (not supported or disabled|disabled)|redirect target URL could not be parsed|Unsupported URL scheme/,
    {
      reason: 'forbidden-transport',
      code: 'E_SOURCE_FORBIDDEN',
      message: 'The source led to a transport that is not allowed',
      remedy: 'Use an https or ssh address; see url.*.insteadOf in your git configuration.',
    },
  ],
  [
    /No space left on device|Disk quota exceeded/,
    {
      reason: 'no-space',
      code: 'E_NO_SPACE',
      message: 'The release does not fit on the disk',
      remedy: 'Free some space below the home and try again.',
    },
  ],
  [
    /dubious ownership/,
    {
      reason: 'foreign',
      code: 'E_SOURCE_FOREIGN',
      message: 'The repository belongs to another user',
      remedy: askForBundle,
    },
  ],
  [
    /transport '.*' not allowed/,
    {
      reason: 'forbidden-transport',
      code: 'E_SOURCE_FORBIDDEN',
      message: 'The source led to a transport that is not allowed',
      remedy: 'Use an https or ssh address; see url.*.insteadOf in your git configuration.',
    },
  ],
  [
    /terminal prompts disabled|Authentication failed|could not read (Username|Password)|Permission denied \(|Host key verification failed|The requested URL returned error: 40[13]/,
    unreachable(
      'authentication',
      'The source requires credentials that were not provided',
      'Set up a git credential helper or an ssh key for this host; this program does not ask for credentials.',
    ),
  ],
  [
    /SSL certificate|certificate verif|server certificate|unable to get local issuer/,
    unreachable(
      'certificate',
      'The certificate of the source cannot be verified',
      'Name your certificate authority as `http.sslCAInfo` in your git configuration.',
    ),
  ],
  [
    /not our ref|unadvertised object|Server does not allow request/,
    unreachable('unadvertised', 'The source does not hand out this commit', 'Name a tag instead.'),
  ],
  [
    /couldn't find remote ref/,
    {
      reason: 'missing-ref',
      code: 'E_TAG_NOT_FOUND',
      message: 'The tag disappeared from the source',
      remedy: 'Try again to see which tags there are.',
    },
  ],
  [
    /Repository lacks these prerequisite commits/,
    unreachable(
      'incomplete-bundle',
      'The bundle builds on commits that it does not hold',
      'Ask its owner for a complete one: `git bundle create releases.bundle --tags`.',
    ),
  ],
  hostileTree(
    fsckError('hasDot|hasDotdot|hasDotgit|fullPathname|emptyName'),
    'E_PACK_PATH',
    'a path that leads elsewhere, or into a repository',
  ),
  hostileTree(/empty filename in tree entry/, 'E_PACK_PATH', 'an empty path'),
  hostileTree(fsckError('duplicateEntries'), 'E_PACK_COLLISION', 'one path twice'),
  hostileTree(
    fsckError('zeroPaddedFilemode|badFilemode|nullSha1|git(modules|attributes)[A-Z]\\w*'),
    'E_PACK_ENTRY',
    'an entry that is neither a regular file nor a directory',
  ),
  // The remote's git reports this: upload-pack refers to itself as `./`, while our store has a full
  // path.
  [/possible repository corruption on the remote side|\(stored in \.\/.*\) is corrupt/, damaged],
  [fsckError('\\w+'), damaged],
  [
    /remote did not send all necessary objects|index-pack (failed|died)|early EOF|unexpected disconnect|fsck|bad object|invalid index-pack|unpack-objects|corrupt|inflate|missing (blob|tree|commit)|did not receive expected object/i,
    unreachable(
      'corrupt',
      'The source sent objects that are damaged or incomplete',
      'Try again; if it happens again, the source is broken.',
    ),
  ],
  [
    /does not appear to be a git repository|repository '.*' not found|not a git repository|not valid: is this a git repository|invalid protocol|bad line length|protocol error|not found: did you run/,
    unreachable(
      'not-a-repository',
      'There is no git repository at the source',
      'Check the address with git ls-remote.',
    ),
  ],
];

const fallback = unreachable(
  'unreachable',
  'The source cannot be reached or read',
  steps('Check the address and the network with `git ls-remote`.', offline),
);

/**
 * @param stderr what git wrote
 * @param reach the reach of the remote: a network cannot have damaged what lies on this machine
 */
export function failureKind(stderr: string, reach?: GitRemote['reach']): FailureKind {
  const found = kinds.find(([pattern]) => pattern.test(stderr))?.[1] ?? fallback;
  const isDamage = found.reason === 'corrupt' && reach === 'local' && wrongBytes.test(stderr);
  return isDamage ? damaged : found;
}
