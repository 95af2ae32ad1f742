/** Every way in which git fails, told apart here and nowhere else. */
import type { ErrorCode } from '../../core/error-codes.ts';
import { InstallError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { redact } from '../../core/redact.ts';
import type { GitRemote } from '../git.ts';

/** What a caller may act on, in `details.reason`; everything else is for the reader. */
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

interface Kind {
  readonly reason: GitFailureReason;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const unreachable = (reason: GitFailureReason, message: string, hint: string): Kind => ({
  reason,
  code: 'E_SOURCE_UNREACHABLE',
  message,
  hint,
});

const announcedTooMuch = 'The source announced more than a protocol repository can hold';
const notAProtocolServer = 'This is no protocol repository, or a broken server.';

/** git's own check of objects found a tree that cannot be a pack; nothing of it was kept. */
const hostileTree = (pattern: RegExp, code: ErrorCode, what: string): readonly [RegExp, Kind] => [
  pattern,
  {
    reason: 'hostile-tree',
    code,
    message: `The release holds ${what}`,
    hint: 'Nothing was changed. Tell the maintainers of the release, or choose another one.',
  },
];

function fsckError(ids: string): RegExp {
  return new RegExp(`^error: object [0-9a-f]+: (${ids}): `, 'm');
}

const damaged: Kind = {
  reason: 'corrupt',
  code: 'E_SOURCE_DAMAGED',
  message: 'The source holds objects that are damaged or missing',
  hint: 'Nothing was changed, and running it again does not help. Tell the maintainers of the source: git fsck names the objects there. Or choose another release.',
};

/** What git says of bytes that came whole and are wrong, not of a transfer that ended. */
const wrongBytes =
  /bad object|corrupt|inflate returned|missing (blob|tree|commit)|did not send all/;

/** The first pattern found in git's messages decides. */
const kinds: readonly (readonly [RegExp, Kind])[] = [
  [
    /unknown (option|switch)|is not a git command/,
    {
      reason: 'missing-git',
      code: 'E_GIT_MISSING',
      message: 'The installed git is too old',
      hint: 'Install git 2.34 or newer.',
    },
  ],
  [
    // GIT_ALLOC_LIMIT: the server made git collect more in one buffer than it may.
    /attempting to allocate \d+ over limit/,
    unreachable('too-much', announcedTooMuch, notAProtocolServer),
  ],
  [
    // http.lowSpeedTime: git's own end for a server that says nothing.
    /Operation too slow/,
    unreachable(
      'stalled',
      'The source stopped answering',
      'Try again later, or use --offline for what is in the cache.',
    ),
  ],
  [
    /dumb http transport/,
    unreachable(
      'not-a-repository',
      'The server does not speak git’s smart protocol',
      'Ask its owner for a bundle (git bundle create releases.bundle --tags) and use that.',
    ),
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
      hint: 'Use an https or ssh address; see url.*.insteadOf in your git configuration.',
    },
  ],
  [
    /No space left on device|Disk quota exceeded/,
    {
      reason: 'no-space',
      code: 'E_NO_SPACE',
      message: 'The release does not fit on the disk',
      hint: 'Free some space below the home and run the command again.',
    },
  ],
  [
    /dubious ownership/,
    {
      reason: 'foreign',
      code: 'E_SOURCE_FOREIGN',
      message: 'The repository belongs to another user',
      hint: 'Ask its owner for a bundle (git bundle create releases.bundle --tags) and use that.',
    },
  ],
  [
    /transport '.*' not allowed/,
    {
      reason: 'forbidden-transport',
      code: 'E_SOURCE_FORBIDDEN',
      message: 'The source led to a transport that is not allowed',
      hint: 'Use an https or ssh address; see url.*.insteadOf in your git configuration.',
    },
  ],
  [
    /terminal prompts disabled|Authentication failed|could not read (Username|Password)|Permission denied \(|Host key verification failed|The requested URL returned error: 40[13]/,
    unreachable(
      'authentication',
      'The source wants credentials that it did not get',
      'Set up a git credential helper or an ssh key for this host; nothing is asked for here.',
    ),
  ],
  [
    /SSL certificate|certificate verif|server certificate|unable to get local issuer/,
    unreachable(
      'certificate',
      'The certificate of the source cannot be verified',
      'Name your certificate authority in git config --global http.sslCAInfo.',
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
      hint: 'Run the command again to see which tags there are.',
    },
  ],
  [
    /Repository lacks these prerequisite commits/,
    unreachable(
      'incomplete-bundle',
      'The bundle builds on commits that it does not hold',
      'Ask for a complete one: git bundle create releases.bundle --tags.',
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
    'an entry that is no plain file or directory',
  ),
  // Its own git says so: `./` is where upload-pack looks, our store goes by a full path.
  [/possible repository corruption on the remote side|\(stored in \.\/.*\) is corrupt/, damaged],
  [fsckError('\\w+'), damaged],
  [
    /remote did not send all necessary objects|index-pack (failed|died)|early EOF|unexpected disconnect|fsck|bad object|invalid index-pack|unpack-objects|corrupt|inflate|missing (blob|tree|commit)|did not receive expected object/i,
    unreachable(
      'corrupt',
      'The source sent objects that are damaged or incomplete',
      'Run the command again; if it stays so, the source is broken.',
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
  'Check the address and the network with git ls-remote, or use --offline.',
);

/**
 * @param where the remote's address or the store, for the message
 * @param stderr what git wrote
 * @param reach of a remote: what lies on this machine was damaged by no network
 */
export function gitFailure(
  where: string,
  outcome: { readonly stderr: string; readonly exitCode: number | null },
  reach?: GitRemote['reach'],
): InstallError {
  const found = kinds.find(([pattern]) => pattern.test(outcome.stderr))?.[1] ?? fallback;
  const isDamage =
    found.reason === 'corrupt' && reach === 'local' && wrongBytes.test(outcome.stderr);
  const kind = isDamage ? damaged : found;
  const said = lastWords(outcome.stderr);
  return new InstallError(kind.code, `${kind.message}: ${printable(where)}${said}`, {
    hint: kind.hint,
    details: {
      reason: kind.reason,
      where,
      exitCode: outcome.exitCode,
      git: outcome.stderr.split('\n').map(printable).slice(-20),
    },
  });
}

/** The store is ours: when git fails there, it is a fault of the disk or a defect. */
export function storeFailure(store: string, stderr: string, cause?: unknown): InstallError {
  if (/No space left on device|Disk quota exceeded/.test(stderr)) {
    return gitFailure(store, { stderr, exitCode: null });
  }
  return new InstallError(
    'E_IO',
    `git cannot use the release store: ${store}${lastWords(stderr)}`,
    {
      hint: 'Check the disk. The store holds only what can be fetched again, and may be moved aside.',
      details: { reason: 'other' satisfies GitFailureReason, where: store },
      cause,
    },
  );
}

export function missingGit(cause: unknown): InstallError {
  return new InstallError('E_GIT_MISSING', 'git was not found on the search path.', {
    hint: 'Install git 2.34 or newer and make sure that `git --version` works.',
    details: { reason: 'missing-git' satisfies GitFailureReason },
    cause,
  });
}

export function interrupted(): InstallError {
  return new InstallError('E_INTERRUPTED', 'The run was interrupted while git was at work.', {
    details: { reason: 'interrupted' satisfies GitFailureReason },
  });
}

export function stalled(where: string, milliseconds: number): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The source stopped answering for ${Math.round(milliseconds / 1000)} s, the limit of --timeout: ${printable(where)}`,
    {
      hint: 'Try again later, give it more seconds with --timeout, or use --offline for what is in the cache.',
      details: { reason: 'stalled' satisfies GitFailureReason, where },
    },
  );
}

export function tooSlow(where: string, milliseconds: number): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The source was not done after ${Math.round(milliseconds / 1000)} s, sixty times the --timeout: ${printable(where)}`,
    {
      hint: 'Try again later, give it more seconds with --timeout, or use --offline for what is in the cache.',
      details: { reason: 'stalled' satisfies GitFailureReason, where },
    },
  );
}

/** More refs than any protocol repository has. */
export function tooManyRefs(where: string): InstallError {
  return new InstallError('E_SOURCE_UNREACHABLE', `${announcedTooMuch}: ${printable(where)}`, {
    hint: notAProtocolServer,
    details: { reason: 'too-much' satisfies GitFailureReason, where },
  });
}

/** What was received so far is removed by the next run at the latest. */
export function tooManyBytes(where: string, bytes: number): InstallError {
  return new InstallError(
    'E_PACK_LIMIT',
    `The source sent more than ${bytes} bytes and was cut off: ${printable(where)}`,
    {
      hint: 'Nothing was changed. Check that it is the repository you meant; --max-total-bytes raises the limit.',
      details: { reason: 'too-much' satisfies GitFailureReason, where, limit: bytes },
    },
  );
}

/** Words that belong to no transfer: nobody would read them. */
export function talksWithoutEnd(where: string): InstallError {
  return new InstallError(
    'E_SOURCE_UNREACHABLE',
    `The source talks without end and was cut off: ${printable(where)}`,
    {
      hint: notAProtocolServer,
      details: { reason: 'too-much' satisfies GitFailureReason, where },
    },
  );
}

/** The person named one host; the answer of another one is not what they asked for. */
export function redirected(where: string, target: string): InstallError {
  const shown = printable(redact(target));
  return new InstallError(
    'E_SOURCE_FORBIDDEN',
    `The source redirects to another host: ${printable(where)} to ${shown}`,
    {
      hint: 'Nothing was changed. If you trust that host, give its address with --from.',
      details: { reason: 'redirected' satisfies GitFailureReason, where, target: shown },
    },
  );
}

/** git's last `fatal:` or `error:` line, or its last line, as one clause. */
function lastWords(stderr: string): string {
  const lines = redact(stderr)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const line = lines.findLast((item) => /^(fatal|error): /.test(item)) ?? lines.at(-1);
  return line === undefined ? '.' : ` (git: ${printable(line).slice(0, 300)})`;
}

export function reasonOf(error: unknown): GitFailureReason | undefined {
  if (!(error instanceof InstallError)) return undefined;
  return error.details['reason'] as GitFailureReason | undefined;
}
