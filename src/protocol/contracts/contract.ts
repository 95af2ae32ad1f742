import type { Finding } from '../../core/finding.ts';
import type { Unheld } from '../documents/file-view.ts';
import type { Subject } from './subject/subject.ts';

/**
 * The contracts of the protocol that a pack is held to, in the order of docs/protocol.md#contracts.
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
 * Each rule belongs to one contract. Whether a block exists and is an object is the business of
 * `runtime-state`; the contract of an absent block finds nothing.
 */
export interface Contract {
  readonly id: ContractId;
  /** What it asks for, in one sentence for a person. */
  readonly title: string;
  /** Reads, never writes; bad content is a finding, never an exception. */
  readonly check: (subject: Subject) => Iterable<Finding>;
  readonly samples: readonly Sample[];
}

/** A pack that differs from a valid one, and what the contract must say of it. */
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
  /** The same for the pack as it was last installed; without it, no installation is on record. */
  readonly base?: FileEdits;
  /** What the pack holds besides files and directories, by its path in the pack. */
  readonly others?: Readonly<Record<string, Unheld>>;
  /** It is an instance, and these are the files that its release brought. */
  readonly brought?: readonly string[];
  /** It is on its way to be installed. */
  readonly incoming?: true;
}

export type FileEdits = Readonly<Record<string, string | Uint8Array | null>>;

/**
 * JSON pointers to the values that they get; `removed` takes the member or item out. Members are
 * added where they are missing, items only behind the last one.
 */
export type JsonEdits = Readonly<Record<string, unknown>>;

export const removed = Symbol('removed');
