/** Defined by the build (scripts/build.mjs); undefined if the sources are run directly. */
declare const IDENTITY_INSTALL_VERSION: string | undefined;

/** Version of this package. */
export const version =
  typeof IDENTITY_INSTALL_VERSION === 'string' ? IDENTITY_INSTALL_VERSION : '0.0.0-source';
