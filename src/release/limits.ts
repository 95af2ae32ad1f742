/** How large a pack may be. Everything is an option; the defaults are far above real packs. */
export interface PackLimits {
  /** Files and directories. */
  readonly entries: number;
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all files. */
  readonly totalBytes: number;
  /** Components of a path inside the pack. */
  readonly depth: number;
  /** UTF-8 bytes of one component. */
  readonly partBytes: number;
  /** UTF-8 bytes of a path inside the pack. */
  readonly pathBytes: number;
}

export const defaultLimits: PackLimits = {
  entries: 50_000,
  fileBytes: 64 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  depth: 32,
  partBytes: 255,
  pathBytes: 1024,
};
