import type { Finding } from '../../core/finding.ts';
import type { Unheld } from '../documents/file-view.ts';
import type { Subject } from './subject/subject.ts';

/**
 * The contracts of the protocol that a pack must keep, in the order of docs/protocol.md#contracts.
 */
export const contractIds = [
  'catalog',
  'pack-files',
  'runtime-state',
  'judgement',
  'reasoning-loop',
  'routing',
  'rulebook',
  'protocol-review',
  'update-lifecycle',
  'trigger-regression',
  'collaboration-trigger',
  'install-safety',
  'instance-feedback',
  'arbitration',
  'escalation',
  'collaboration-boundary',
  'phase-report',
] as const;
export type ContractId = (typeof contractIds)[number];

/**
 * One contract: what makes it valid, and packs that show that the check works.
 *
 * Each rule belongs to one contract. `runtime-state` checks that a block exists and is an object;
 * the contract of an absent block reports nothing.
 */
export interface Contract {
  readonly id: ContractId;
  /** What it requires, in one sentence for a person. */
  readonly title: string;
  /** Reads, never writes; bad content is a finding, never an exception. */
  readonly check: (subject: Subject) => Iterable<Finding>;
  readonly samples: readonly Sample[];
}

/** A pack that differs from a valid one, and what the contract must report about it. */
export interface Sample extends PackEdits {
  readonly name: string;
  /** The code that the contract must report, and no other; null for a pack that it must accept. */
  readonly finds: string | null;
}

/** Changes to a valid pack and what surrounds it (`sample-pack.ts`). */
export interface PackEdits {
  /** Changes to `CURRENT_TASK.json`. */
  readonly task?: JsonEdits;
  /** Changes to other JSON documents, by their path in the pack. */
  readonly json?: Readonly<Record<string, JsonEdits>>;
  /** Changes to the catalog that lists the pack. */
  readonly catalog?: JsonEdits;
  /** New contents of files, by their path in the pack; null removes one. */
  readonly files?: FileEdits;
  /** The same for files of the repository around the pack, by their path in the repository. */
  readonly repository?: FileEdits;
  /** The same for the pack as it was last installed; without it, no installation is recorded. */
  readonly base?: FileEdits;
  /** Other entries of the pack than files and directories, by their path in the pack. */
  readonly others?: Readonly<Record<string, Unheld>>;
  /** It is an instance, and these are the files that its release brought. */
  readonly brought?: readonly string[];
  /** It is about to be installed. */
  readonly incoming?: true;
}

export type FileEdits = Readonly<Record<string, string | Uint8Array | null>>;

/**
 * JSON pointers and their new values; `removed` deletes the member or item. Members are added where
 * they are missing, items only behind the last one.
 */
export type JsonEdits = Readonly<Record<string, unknown>>;

export const removed = Symbol('removed');
