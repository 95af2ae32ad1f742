import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { copySync, pathExistsSync } from 'fs-extra/esm';

/** The package whose binaries are shipped, relative to the root of the repository. */
export const nativePackage = 'node_modules/fs-native-extensions';

/**
 * Copies the binaries for node out of the package that brings them, as `<platform>-<arch>.node`.
 *
 * @param {string} root of the repository
 * @param {string} target directory, made when it is not there
 */
export function copyNativeBindings(root, target) {
  const hosts = join(root, nativePackage, 'prebuilds');
  for (const host of readdirSync(hosts)) {
    const binary = join(hosts, host, 'fs-native-extensions.node');
    if (pathExistsSync(binary)) copySync(binary, join(target, `${host}.node`));
  }
}
