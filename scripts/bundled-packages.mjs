import { join } from 'node:path';
import { readJsonSync } from 'fs-extra/esm';

/** `node_modules/a/node_modules/@b/c/lib/x.js` -> `node_modules/a/node_modules/@b/c` */
const packageDirectory = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * @typedef BundledPackage
 * @property {string} directory absolute; one of them, should the same version lie in several
 * @property {object} manifest its `package.json`
 * @property {string} licence an SPDX identifier or expression
 * @property {Set<BundledPackage>} uses what it imports of the others
 */

/**
 * What the bundles are made of: our own package, and every other one of which at least one byte is
 * in them, by name and version. Throws when one does not say what its licence is.
 *
 * @param {string} root of the repository
 * @param metafiles of esbuild
 * @param {readonly string[]} besides directories of packages that are shipped in another way
 * @returns {{own: BundledPackage, others: BundledPackage[]}}
 */
export function bundledPackages(root, metafiles, besides) {
  const packages = new Map();
  const packageIn = (directory) => {
    const found = describePackage(join(root, directory));
    const key = `${found.manifest.name} ${found.manifest.version}`;
    if (!packages.has(key)) packages.set(key, found);
    return packages.get(key);
  };
  const ownerOf = (input) => packageIn(packageDirectory.exec(input)?.[1] ?? '');

  const own = packageIn('');
  for (const directory of besides) own.uses.add(packageIn(directory));
  for (const { inputs, outputs } of metafiles) {
    const shipped = new Set(Object.values(outputs).flatMap(shippedInputs));
    for (const input of shipped) {
      const owner = ownerOf(input);
      for (const imported of importedBy(input, inputs, shipped)) {
        if (ownerOf(imported) !== owner) owner.uses.add(ownerOf(imported));
      }
    }
  }
  const keys = [...packages.keys()].sort();
  return { own, others: keys.map((key) => packages.get(key)).filter((item) => item !== own) };
}

function shippedInputs({ inputs }) {
  return Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0);
}

/** The modules that one imports, by itself or by others of which nothing is left. */
function importedBy(input, inputs, shipped, seen = new Set([input])) {
  return (inputs[input]?.imports ?? []).flatMap(({ path }) => {
    if (seen.has(path)) return [];
    seen.add(path);
    return shipped.has(path) ? [path] : importedBy(path, inputs, shipped, seen);
  });
}

function describePackage(directory) {
  const manifest = readJsonSync(join(directory, 'package.json'));
  const licence = manifest.license?.type ?? manifest.license;
  if (typeof licence !== 'string') {
    throw new Error(`${manifest.name} is bundled but its package.json names no licence`);
  }
  return { directory, manifest, licence, uses: new Set() };
}
