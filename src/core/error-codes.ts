/**
 * Every error the program can end with: its exit code and what it means. The table is the
 * source of `docs/error-codes.md`; a test compares the two.
 */

/** Exit codes of the command line (docs/error-codes.md). */
export const exitCodes = {
  done: 0,
  findings: 1,
  usage: 2,
  refused: 3,
  pack: 4,
  source: 5,
  integrity: 6,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

interface ErrorMeaning {
  readonly exit: ExitCode;
  readonly meaning: string;
}

const usage = (meaning: string): ErrorMeaning => ({ exit: exitCodes.usage, meaning });
const refused = (meaning: string): ErrorMeaning => ({ exit: exitCodes.refused, meaning });
const pack = (meaning: string): ErrorMeaning => ({ exit: exitCodes.pack, meaning });
const source = (meaning: string): ErrorMeaning => ({ exit: exitCodes.source, meaning });
const integrity = (meaning: string): ErrorMeaning => ({ exit: exitCodes.integrity, meaning });

export const errorCodes = {
  // command line
  E_USAGE: usage('The command line cannot be understood.'),
  E_ID_INVALID: usage('An identity id is not lower-case letters, digits and dashes, 2 to 64 long.'),
  E_ID_RESERVED: usage('An identity id is a name that the home uses itself.'),
  E_ID_REQUIRED: usage('The release holds several identities, and the request names none of them.'),
  E_ID_UNKNOWN: usage('No root holds an identity with this id.'),
  E_CREATE_TEXT: usage('A text for the new pack is too short, too long, or has hidden characters.'),
  E_REPLACE_NEEDS_BACKUP: usage('A replacement was requested without a backup.'),

  // home and instance
  E_HOME_UNSAFE: refused('The home is not a place that can be written safely.'),
  E_HOME_FOREIGN: refused('The home belongs to another user.'),
  E_HOME_LOCKED: refused('Another run holds the lock of this home.'),
  E_HOME_READ_ONLY: refused('The home cannot be written.'),
  E_INSTANCE_AMBIGUOUS: refused('One identity has two instance directories.'),
  E_INSTANCE_UNSAFE: refused('The instance is a link, lies behind one, or is not a directory.'),
  E_INSTANCE_CHANGED: refused('The instance changed while it was being worked on.'),
  E_INSTANCE_UNREADABLE: refused('A file of the instance cannot be read.'),
  E_INSTANCE_LIMIT: refused('The instance holds more than a scan is allowed to look at.'),
  E_NOT_TRUSTED: refused('A file of a working tree names a place that it may not name.'),
  E_NOT_INSTALLED: refused('The identity is not installed in this home.'),
  E_CREATE_EXISTS: refused('Something already exists where a file would be created.'),
  E_TARGET_PROTECTED: refused('The target is a place that an installer must not write to.'),
  E_PLAN_CHANGED: refused('The plan is no longer the one that was reviewed.'),
  E_PLAN_UNKNOWN: refused('No plan with this digest was shown by this server.'),
  E_WRITE_NOT_ALLOWED: refused('The server was started without permission to write.'),
  E_JOURNAL_PENDING: refused('An interrupted operation must be recovered first.'),
  E_FS_NO_EXCHANGE: refused(
    'The file system has no hard links, or home and instance lie on different file systems.',
  ),
  E_NO_SPACE: refused('There is not enough free space for the operation.'),
  E_IO: refused('The operating system refused a file operation.'),
  E_ROLLBACK_BLOCKED: refused('Later operations stand in the way of the rollback.'),
  E_REF_UNKNOWN: refused('No operation has this reference.'),
  E_REF_AMBIGUOUS: refused('Several operations begin with this reference.'),
  E_NOTHING_TO_UNDO: refused('The operation changed nothing that could be undone.'),
  E_PLATFORM: refused('This platform lacks something that safety depends on.'),

  // packs
  E_PACK_MISSING: pack('The release does not hold the identity or its pack.'),
  E_PACK_CONTRACTS: pack('The pack breaks a contract of the protocol.'),
  E_PACK_INCOMPLETE: pack('The pack lacks a required file.'),
  E_PACK_PATH: pack('A path in the pack is unsafe on at least one platform.'),
  E_PACK_ENTRY: pack('The pack holds an entry that is not a regular file.'),
  E_PACK_COLLISION: pack('Two paths of the pack are the same file on at least one platform.'),
  E_PACK_LFS: pack('A file of the pack is a git-LFS pointer, not its content.'),
  E_PACK_LIMIT: pack('The pack is larger than the limits allow.'),
  E_PACK_HIDDEN_TEXT: pack(
    'The pack hides text from its readers, and a strict check was requested.',
  ),
  E_PACK_ID_MISMATCH: pack('The pack declares a different identity id.'),
  E_ID_TAKEN: refused('The catalog of the repository already lists an identity with this id.'),
  E_CATALOG_INVALID: pack('The catalog of the release cannot be used.'),
  E_DOCUMENT_INVALID: pack('A JSON or YAML document is malformed or exceeds its limits.'),

  // sources and tags
  E_SOURCE_INVALID: source('The source does not have a supported address format.'),
  E_SOURCE_FORBIDDEN: source('The source uses a transport or a form that is not allowed.'),
  E_SOURCE_UNREACHABLE: source('The source cannot be reached or read.'),
  E_SOURCE_DAMAGED: source('The source holds objects that are damaged or missing.'),
  E_SOURCE_FOREIGN: source('The local repository belongs to another user.'),
  E_SOURCE_NOT_PROTOCOL: source('The source is neither a protocol repository nor a pack.'),
  E_OFFLINE: source('The requested release is not in the cache, and the run is offline.'),
  E_TAG_INVALID: source('The release selector is not a valid tag, range or commit.'),
  E_TAG_NOT_FOUND: source('No release matches the selector.'),
  E_TAG_AMBIGUOUS: source('Two tags claim the same version and disagree.'),
  E_TAG_MOVED: source('The tag points to a different commit than before.'),
  E_TAG_DOWNGRADE: source('The release is older than the installed one.'),
  E_TAG_OBJECT: source('The tag does not name a commit.'),
  E_GIT_MISSING: source('git is not installed or too old.'),

  // state
  E_RECORD_DAMAGED: integrity('The installed record cannot be read or trusted.'),
  E_SNAPSHOT_DAMAGED: integrity('A snapshot fails verification.'),
  E_EVIDENCE_DAMAGED: integrity('Evidence of an operation cannot be read or trusted.'),
  E_LEDGER_DAMAGED: integrity('The ledger fails verification.'),
  E_LEDGER_HEAD: integrity('The expected head is not in the ledger.'),
  E_JOURNAL_DAMAGED: integrity(
    'The journal of an interrupted operation cannot be read or trusted.',
  ),
  E_CATALOG_LOCAL: integrity('The local catalog cannot be read.'),
  E_FORMAT_DAMAGED: integrity(
    '`format.json`, which says how the home is laid out, cannot be read.',
  ),
  E_LOCK_DAMAGED: integrity('The lock file of the home is not a regular file.'),
  E_LAYOUT_NEWER: integrity('The home was written by a newer version of this program.'),

  E_INTERRUPTED: { exit: exitCodes.interrupted, meaning: 'The run was interrupted.' },
  E_BUG: { exit: exitCodes.bug, meaning: 'A defect in this program.' },
} as const satisfies Record<`E_${string}`, ErrorMeaning>;

export type ErrorCode = keyof typeof errorCodes;
