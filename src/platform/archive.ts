/** One member of a snapshot or of a pack archive: a directory or a regular file, never a link. */
export interface ArchiveMember {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly mode: number;
  /** Bytes; 0 for a directory. */
  readonly size: number;
  /** Seconds since the epoch. */
  readonly modifiedSeconds: number;
}

export interface ArchiveInput extends ArchiveMember {
  /** Exactly `size` bytes in all; read when it is the member's turn. */
  readonly content: () => Uint8Array | Iterable<Uint8Array>;
}

export interface ArchiveLimits {
  readonly members: number;
  readonly memberBytes: number;
  readonly totalBytes: number;
}

export interface Archive {
  /**
   * The members as a gzip-compressed tar stream (level 1), in the order given, in chunks.
   * Throws when a member's content is not exactly its size.
   */
  pack(members: Iterable<ArchiveInput>): AsyncIterable<Uint8Array>;
  /**
   * Reads a `.tar.gz` stream strictly: any damage, link, device, duplicate or path that is not
   * plain and relative ends it with an `ArchiveError`. `visit` is given each member in turn with
   * its whole content in chunks.
   */
  unpack(
    chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    limits: ArchiveLimits,
    visit: (member: ArchiveMember, content: Buffer) => void,
  ): Promise<void>;
}

export interface ArchiveExcess {
  readonly limit: keyof ArchiveLimits;
  readonly found: number;
  /** The member that the error is about, if any. */
  readonly path?: string;
}

/** Why an archive cannot be trusted: `damaged`, `entry` (a kind or path we refuse), `limit`. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly reason: 'damaged' | 'entry' | 'limit';
  /** With `limit`: which one of `ArchiveLimits` was exceeded, and the value found. */
  readonly excess: ArchiveExcess | undefined;

  constructor(
    reason: 'damaged' | 'entry' | 'limit',
    message: string,
    options: ErrorOptions & { readonly excess?: ArchiveExcess } = {},
  ) {
    super(message, options);
    this.reason = reason;
    this.excess = options.excess;
  }
}
