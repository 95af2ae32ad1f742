import type { ErrorCode } from '../core/error-codes.ts';
import type { Finding } from '../core/finding.ts';
import type { OperationRef } from '../core/operation-ref.ts';
import type { PackPath } from '../core/path.ts';
import type { ResolvedRelease } from '../core/release.ts';
import type { PackLimits } from '../release/limits.ts';
import type { Mode, Plan } from '../planning/plan.ts';
import type { HomeProblem } from '../inspection/verify/problem.ts';

/** What a caller may ask of an install; every member maps to one option of the command line. */
export interface InstallRequest {
  /** Empty: the default identity, the only one, or `choose`. */
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly from?: string;
  readonly release?: string;
  readonly mode: Mode;
  readonly backup: boolean;
  readonly prune: boolean;
  readonly includeState: boolean;
  readonly keep: readonly string[];
  readonly restoreDeleted: boolean;
  /** Stop after the plan. `plan` and `dry-run` leave a protocol report of that name. */
  readonly stopAfter?: 'plan' | 'dry-run' | 'check';
  readonly diff: boolean;
  readonly planDigest?: string;
  readonly frozen: boolean;
  readonly offline: boolean;
  readonly register: boolean;
  readonly activate: boolean;
  readonly allowDowngrade: boolean;
  readonly acceptMovedTag: boolean;
  readonly allowHttp: boolean;
  readonly requireValid: boolean;
  /** Hidden text in a pack is an error. */
  readonly strict: boolean;
  /** Where they differ from the defaults. */
  readonly limits?: Partial<PackLimits>;
  /** Milliseconds without an answer after which a source is given up. */
  readonly idleMs?: number;
  /** Asks the person at a terminal; absent where there is none. */
  readonly choose?: (ids: readonly IdentityChoice[]) => Promise<string | undefined>;
}

export interface IdentityChoice {
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** One completed operation, as far as a caller wants to show it. */
export interface CompletedOperation {
  readonly ref: OperationRef;
  /** Absolute path of `evidence/<ref>.json`. */
  readonly evidence: string;
  readonly snapshot: { readonly path: string; readonly sha256: string } | null;
  /** Where the bytes that left the instance are kept; null when none did. */
  readonly displaced: string | null;
  /** A command line that undoes the operation and works where it was made. */
  readonly undo: string;
  /** Protocol reports published into the instance, relative to it. */
  readonly reports: readonly PackPath[];
  readonly warnings: readonly OperationWarning[];
}

export interface OperationWarning {
  readonly code:
    | 'EDITED_AFTER_SWAP'
    | 'CHANGED_DURING_APPLY'
    | 'LATE_BYTES'
    | 'DIRECTORY_KEPT'
    | 'LINK_NOT_IN_SNAPSHOT'
    | 'OTHER_NAMES_KEPT'
    | 'REPORT_NOT_PUBLISHED'
    | 'LEDGER_TORN';
  readonly path: string;
  readonly message: string;
}

export interface FileDiff {
  readonly path: PackPath;
  /** Unified diff; null for content that is not text. */
  readonly text: string | null;
}

export interface IdentityOutcome {
  readonly id: string;
  readonly plan: Plan;
  readonly outcome: 'planned' | 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
  readonly diffs: readonly FileDiff[];
}

export interface InstallRun {
  readonly runId: string;
  readonly home: string;
  readonly release: ResolvedRelease;
  readonly identities: readonly IdentityOutcome[];
  readonly findings: readonly Finding[];
  /** Operations that an earlier run left unfinished and this one settled. */
  readonly recovered: readonly RecoveredOperation[];
}

export interface RecoveredOperation {
  readonly ref: OperationRef;
  readonly id: string;
  readonly outcome: 'completed' | 'undone' | 'discarded';
  readonly warnings: readonly OperationWarning[];
}

export interface RollbackRequest {
  /** `<ref>` or a unique prefix, `last`, `<id>@last`, or a run id. */
  readonly ref: string;
  /** Undo every later operation on the identity first, newest first. */
  readonly through: boolean;
  /** Only these paths of the instance. */
  readonly paths: readonly PackPath[];
  readonly stopAfter?: 'plan';
  readonly planDigest?: string;
}

/** One file of a rollback. */
export interface RollbackAction {
  readonly root: 'instance' | 'home';
  readonly path: PackPath;
  readonly kind: 'restore' | 'remove' | 'keep';
  /** Why it is kept: edited since, or gone since, or already as it was; or that it comes back. */
  readonly reason?: 'edited-since' | 'deleted-since' | 'already-so' | 'in-the-way';
  /** Whether the file was edited after the operation; its bytes are in the snapshot. */
  readonly edited: boolean;
  readonly size: number;
}

export interface RollbackPlan {
  readonly schema: 'identity-install/rollback-plan@1';
  readonly id: string;
  readonly home: string;
  readonly instance: string;
  /** The operation that is undone. */
  readonly undoes: OperationRef;
  readonly actions: readonly RollbackAction[];
  readonly digest: string;
}

export interface RollbackOutcome {
  readonly id: string;
  readonly undoes: OperationRef;
  /** Where a rollback is undone: the operation that stands again. */
  readonly revives: OperationRef | null;
  readonly plan: RollbackPlan;
  readonly outcome: 'planned' | 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
}

export interface RollbackRun {
  readonly home: string;
  readonly runId: string;
  readonly operations: readonly RollbackOutcome[];
  /** What a plan leaves out: it would be undone after `operations`, in this order. */
  readonly notPlanned: readonly OperationRef[];
  readonly recovered: readonly RecoveredOperation[];
}

/** One line of the history of a home. */
export interface OperationSummary {
  readonly ref: OperationRef;
  readonly runId: string;
  readonly id: string;
  readonly operation: 'install' | 'rollback' | 'register';
  readonly outcome: 'done' | 'aborted';
  /** UTC, ISO 8601. */
  readonly at: string;
  /** `v1.0.0 -> v1.1.0`, or what was rolled back. */
  readonly summary: string;
  readonly undoneBy: OperationRef | null;
  readonly undo: string | null;
}

export interface HistoryRun {
  readonly home: string;
  /** SHA-256 of the last line of the ledger; null where nothing was done yet. */
  readonly head: string | null;
  /** Newest first. */
  readonly operations: readonly OperationSummary[];
}

export interface VerifyRequest {
  /** Empty: every installed identity. */
  readonly ids: readonly string[];
  /** A head that was noted earlier; history must only have been added to since. */
  readonly expectHead?: string;
  /** Publish no report of the verification. */
  readonly unreported?: boolean;
}

/** The files of an instance against its record. */
export interface VerifiedFiles {
  readonly intact: number;
  readonly modified: readonly PackPath[];
  readonly missing: readonly PackPath[];
  readonly localOnly: readonly PackPath[];
}

export interface VerifiedIdentity {
  readonly id: string;
  readonly release: ResolvedRelease;
  readonly files: VerifiedFiles;
  /** Problems with record, evidence, snapshot or ledger; drift is not one. */
  readonly problems: readonly Finding[];
  /** Where the protocol's report of this verification is; null when none was published. */
  readonly report: string | null;
}

/** Which head the ledger has, and what became of the one that was expected. */
export interface LedgerHead {
  /** SHA-256 of the last line; null where nothing was done yet. */
  readonly head: string | null;
  readonly operations: number;
  /** Null when no head was expected, or it was not found. */
  readonly expected: { readonly head: string; readonly addedSince: number } | null;
}

/** An identity that the local catalog lists, and that is not installed in the home. */
export interface RegisteredIdentity {
  readonly id: string;
  /** Absolute; null where the catalog does not say. */
  readonly pack: string | null;
  /** The protocol repository that the pack is part of: nothing is installed over it. */
  readonly repository: string | null;
}

export interface VerifyRun {
  readonly home: string;
  /** The home cannot be written: it was neither locked nor was a report published. */
  readonly readOnly: boolean;
  readonly ledger: LedgerHead;
  readonly identities: readonly VerifiedIdentity[];
  /** Listed, not installed: there is nothing to compare them with. Empty when ids were given. */
  readonly registered: readonly RegisteredIdentity[];
  readonly recovered: readonly RecoveredOperation[];
}

/** One identity of a home, as far as it could be looked at. */
export interface HomeIdentity {
  readonly id: string;
  /** Null without a record that can be believed. */
  readonly release: ResolvedRelease | null;
  /** Null where the files could not be compared. */
  readonly files: VerifiedFiles | null;
}

/** What a home that was verified as a whole can still be trusted with. */
export interface HomeTrust {
  /** Lines of the ledger, from the first, that hold. */
  readonly operations: number;
  /** When the last of them was made; null for none. */
  readonly until: string | null;
  /** Operations that stand and that a rollback would refuse for a problem, newest first. */
  readonly notUndoable: readonly OperationRef[];
}

/** Everything of a home, verified. */
export interface VerifyHomeRun {
  readonly home: string;
  /** Whether the home was locked meanwhile; else why not. */
  readonly locked: boolean;
  readonly reason: ErrorCode | null;
  readonly ledger: LedgerHead;
  readonly identities: readonly HomeIdentity[];
  readonly problems: readonly HomeProblem[];
  /** Null for a home of a newer layout, which this version cannot judge. */
  readonly trust: HomeTrust | null;
  /** How many of each were looked at. */
  readonly checked: Readonly<Record<'operations' | 'snapshots' | 'bases' | 'refs', number>>;
  readonly recovered: readonly RecoveredOperation[];
}

export interface RegisterRequest {
  readonly id: string;
  /** Make it the default and active; it must be registered by then. */
  readonly activate: boolean;
  /** The root of a protocol repository to take it from; relative to the working directory. */
  readonly root?: string;
}

export interface RegisterRun {
  readonly home: string;
  readonly id: string;
  /** Absolute. */
  readonly catalog: string;
  /** As the catalog names the pack: relative to the home, absolute outside of it. */
  readonly packPath: string | null;
  readonly outcome: 'done' | 'nothing-to-do';
  readonly operation: CompletedOperation | null;
  readonly recovered: readonly RecoveredOperation[];
}

/** Everything the command line can ask for. */
export interface UseCases {
  readonly install: (request: InstallRequest) => Promise<InstallRun>;
  readonly rollback: (request: RollbackRequest) => Promise<RollbackRun>;
  readonly history: () => Promise<HistoryRun>;
  readonly verify: (request: VerifyRequest) => Promise<VerifyRun>;
  readonly verifyHome: (request: Pick<VerifyRequest, 'expectHead'>) => Promise<VerifyHomeRun>;
  /** Writes an entry of the local catalog, or activates it; no file of an instance. */
  readonly register: (request: RegisterRequest) => Promise<RegisterRun>;
  readonly recover: () => Promise<readonly RecoveredOperation[]>;
}
