/** What three-way comparison knows of one file: content and the executable bit, nothing else. */
export interface FileState {
  readonly kind: 'file';
  /** Hex SHA-256 of the bytes. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  readonly executable: boolean;
}

/** What is at a path of an instance, a base or a release. Links are never followed. */
export type EntryState =
  | { readonly kind: 'absent' }
  | FileState
  | { readonly kind: 'directory' }
  | { readonly kind: 'link' }
  | { readonly kind: 'special' };

export const absent: EntryState = { kind: 'absent' };

/** Whether two states are the same for comparison: kind, content and x-bit. */
export function sameState(left: EntryState, right: EntryState): boolean {
  if (left.kind !== 'file' || right.kind !== 'file') return left.kind === right.kind;
  return left.sha256 === right.sha256 && left.executable === right.executable;
}
