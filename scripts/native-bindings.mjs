import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

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
  mkdirSync(target, { recursive: true });
  for (const host of readdirSync(hosts)) {
    const binary = join(hosts, host, 'fs-native-extensions.node');
    if (existsSync(binary)) copyFileSync(binary, join(target, `${host}.node`));
  }
}
