/**
 * git as the rest of the program sees it: a store of objects and refs (a bare repository that is
 * always named explicitly), and remotes that are only ever listed and fetched from. No checkout,
 * no work tree, no hooks. Failures are `InstallError`s, classified in the adapter (git/failure.ts)
 * and nowhere else; every call rejects with E_GIT_MISSING where git is absent or too old and with
 * E_INTERRUPTED when its signal fires.
 */

export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/**
 * A ref of a store, peeled through tags of tags; `commit` is null if it does not lead to a commit.
 */
export interface GitRef {
  readonly name: string;
  readonly oid: string;
  readonly type: GitObjectType;
  readonly commit: string | null;
  readonly tree: string | null;
}

/** A ref as a remote announces it: a claim, until its objects are in the store. */
export interface RemoteRef {
  readonly name: string;
  readonly oid: string;
  /**
   * The object that an annotated tag is said to lead to; null for other refs, and always in a
   * bundle.
   */
  readonly peeled: string | null;
}

/** Where to fetch from. The address was validated by release/source.ts and has no credentials. */
export interface GitRemote {
  readonly address: string;
  /**
   * `local`: an absolute path of a repository or a bundle; the user's git configuration does not
   * apply, and no other transport is allowed.
   */
  readonly reach: 'network' | 'local';
  readonly allowHttp?: boolean | undefined;
}

/** One running child, distinguished from a later process with the same pid. */
export interface ProcessMark {
  readonly pid: number;
  /** Opaque; undefined where the platform cannot provide it. */
  readonly birth: string | undefined;
}

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without any answer after which the remote counts as stalled; 60 000. */
  readonly idleMs?: number | undefined;
  /** Bytes of packs after which a fetch from a server is cut off; undefined for no bound. */
  readonly maxBytes?: number | undefined;
  /** Called before anything is transferred, so that the child can be found if this process dies. */
  readonly onSpawn?: ((mark: ProcessMark) => void) | undefined;
  /** Objects received so far. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface FetchRequest {
  /** `+<full ref or object id>:<full ref>` each. */
  readonly refspecs: readonly string[];
  /** Commits of history; undefined for all of it. */
  readonly depth?: number | undefined;
}

/** What `ObjectReader.read` yields for one name: a header, its data in pieces, an end; or missing. */
export type ObjectPart =
  | {
      readonly kind: 'header';
      readonly oid: string;
      readonly type: GitObjectType;
      readonly size: number;
    }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'missing' };

/** One `git cat-file --batch` process. */
export interface ObjectReader {
  /**
   * The objects in the order asked, several parts at a time. A name is an object id, the full name
   * of a ref, either of them with `^{commit}` or `^{tree}`, or `<commit>:<path>`; it holds no line
   * feed. Read to the end before asking again.
   */
  read(names: readonly string[]): AsyncGenerator<ObjectPart[], void, undefined>;
  /** Ends the process, also in the middle of an answer. */
  close(): Promise<void>;
}

export interface ImportedFile {
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  /** What `blob` returned. */
  readonly blob: number;
}

/** Writes one commit without parents, with fixed author and date: equal files, equal commit id. */
export interface CommitImport {
  /** Stores the bytes exactly as they are. */
  blob(bytes: Uint8Array): number;
  /** Resolves when git has consumed what was written so far; await it to keep memory bounded. */
  drained(): Promise<void>;
  /** Points the ref at the new commit, whatever it was before. @returns the commit id */
  commit(ref: string, files: readonly ImportedFile[]): Promise<string>;
  /** Gives up; nothing is kept. */
  abort(): Promise<void>;
}

export interface Git {
  /** Creates a bare repository, or completes one whose creation was interrupted. */
  createStore(directory: string, signal?: AbortSignal): Promise<void>;
  /** The refs below a prefix that ends in `/`, or the one ref with that name, sorted by name. */
  refs(store: string, prefix: string, signal?: AbortSignal): Promise<GitRef[]>;
  /** Sets refs, or removes them (null), all or none. */
  updateRefs(
    store: string,
    updates: ReadonlyMap<string, string | null>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** The remote's tags, or branches and tags; a server is not asked for any other ref. */
  remoteRefs(
    remote: GitRemote,
    kinds: 'tags' | 'branches-and-tags',
    options?: TransferOptions,
  ): Promise<RemoteRef[]>;
  /**
   * Fetches into the store. Resolves only when everything that the refs need is there.
   * @throws E_PACK_LIMIT when the remote sends more than `maxBytes`
   */
  fetch(
    store: string,
    remote: GitRemote,
    request: FetchRequest,
    options?: TransferOptions,
  ): Promise<void>;
  /**
   * @param mode `stream` answers one list of names, and is fastest; `converse` can be asked again
   *   after an answer
   */
  openObjects(store: string, mode: 'stream' | 'converse', signal?: AbortSignal): ObjectReader;
  startImport(store: string, signal?: AbortSignal): CommitImport;
  /**
   * Ends a child that outlived the run which started it, and everything it started. A process
   * that merely got the same pid is left alone.
   * @returns whether there was one
   */
  endOrphan(mark: ProcessMark): Promise<boolean>;
}
