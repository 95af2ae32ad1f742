import type { IdentityStatus } from '../catalog.ts';
import type { ToolDependency } from '../catalog-blocks.ts';

/** How an identity may be activated; the defaults apply if the catalog says nothing. */
export interface ActivationPolicy {
  /** Default true. */
  readonly allowImplicitActivation: boolean;
  /** 0 to 100; default 50. */
  readonly activationPriority: number;
  /**
   * `priority_then_objective` (the default), `objective_then_priority` or `manual_review`;
   * `match-identities.ts` says which identity's rule applies.
   */
  readonly conflictResolution: string;
}

/** One identity as `identity/list` describes it (docs/protocol.md#discovery). */
export interface ListedIdentity {
  readonly id: string;
  /** The id if the catalog gives no title. */
  readonly title: string;
  readonly description: string;
  readonly status: IdentityStatus;
  /**
   * The pack's directory: relative to the listing's `cwd`, with `/`, if it lies below that,
   * otherwise absolute. Resolving it against `cwd` always gives the directory.
   */
  readonly packPath: string;
  /** Whether the status is `active`. */
  readonly enabled: boolean;
  readonly policy: ActivationPolicy;
  /** Without tools if the catalog does not name any. */
  readonly dependencies: { readonly tools: readonly ToolDependency[] };
  /** Only what the catalog gives. */
  readonly interface: {
    readonly displayName?: string;
    readonly shortDescription?: string;
    readonly defaultPrompt?: string;
  };
}

/** Something that prevented a part of a root from being listed, or that its owner should know. */
export interface ListingError {
  readonly code: ListingErrorCode;
  /** Absolute. */
  readonly path?: string;
  readonly message: string;
  readonly severity: 'warn' | 'error';
}

/**
 * Every code of `errors[]`, and what it means (docs/discovery.md#what-comes-out has the same
 * table).
 */
export const listingErrorCodes = {
  ROOT_NOT_FOUND: 'A root that was named is not a directory.',
  ROOT_UNREADABLE: 'A root, or a directory below it, cannot be read.',
  ROOT_FOREIGN: 'A parent repository belongs to another user and is left out.',
  CATALOG_NOT_FOUND: 'A root that was named holds neither a catalog nor a pack.',
  CATALOG_UNREADABLE: 'A catalog cannot be read.',
  CATALOG_INVALID: 'A catalog, or one entry of it, cannot be used.',
  CATALOG_FIELD_INVALID: 'A field of a catalog is malformed; its default is used.',
  CATALOG_UNKNOWN_KEY: 'A catalog has an unknown key.',
  CATALOG_DEFAULT_UNKNOWN: 'The default identity is not listed.',
  DEFAULT_IDENTITY_UNAVAILABLE: 'The default identity is listed, but its pack cannot be used.',
  PACK_PATH_NOT_FOUND: 'A catalog names a place for a pack, but nothing exists there.',
  PACK_PATH_INVALID:
    'The place of a pack is not a directory, or it is outside its root or in a git directory.',
  PACK_UNREADABLE: 'The place of a pack cannot be read.',
  IDENTITY_DUPLICATE: 'One root has the same id twice; the first one is used.',
  IDENTITY_SHADOWED: 'Another root has the same id and takes precedence.',
  IDENTITY_UNLISTED: 'A pack exists, but no catalog lists it; it counts as inactive.',
  ERRORS_LEFT_OUT: 'A root has more errors than the first 1,000, which are reported.',
  PIN_INVALID: 'identity/PROTOCOL_PIN.yaml cannot be used.',
  PIN_UNMET: 'A root is what the pin names, but is at another commit; the nearest root is used.',
} as const satisfies Record<string, string>;

export type ListingErrorCode = keyof typeof listingErrorCodes;

/** What one working directory finds. */
export interface Listing {
  readonly cwd: string;
  /** The project's default; null without one, or if it cannot be used. */
  readonly defaultIdentity: string | null;
  /** Nearest root first, and for each root in the order of its catalogs. */
  readonly identities: readonly ListedIdentity[];
  readonly errors: readonly ListingError[];
}

/** The result of `identity/list`. */
export interface ListResult {
  /** One for each `cwd`, in the order given. */
  readonly data: readonly Listing[];
}

/** The parameters of `identity/list`. */
export interface ListRequest {
  /**
   * Relative ones are resolved against the working directory of the process, which is also the
   * default.
   */
  readonly cwds: readonly string[];
  readonly extraRoots?: readonly string[];
  /** Reads everything again. */
  readonly forceReload?: boolean;
}
