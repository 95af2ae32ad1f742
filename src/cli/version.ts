/** Put in by the build (scripts/build.mjs); not there when the sources are run as they are. */
declare const IDENTITY_INSTALL_VERSION: string | undefined;

/** Version of this package. */
export const version =
  typeof IDENTITY_INSTALL_VERSION === 'string' ? IDENTITY_INSTALL_VERSION : '0.0.0-source';
