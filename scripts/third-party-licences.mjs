import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Name, version, licence and licence text of every package that is shipped, as one text.
 *
 * @param packages the others of `bundledPackages`
 */
export function licenceDocument(packages) {
  const sections = packages.map(({ directory, manifest, licence }) => {
    const title = `${manifest.name} ${manifest.version} (${licence})`;
    const line = '='.repeat(80);
    return `${line}\n${title}\n${line}\n\n${licenceText(directory, licence)}\n`;
  });
  return ['The files in this directory contain code of these packages.\n', ...sections].join('\n');
}

function licenceText(directory, licence) {
  const file = readdirSync(directory).find((name) => /^licen[cs]e|^copying/i.test(name));
  return file === undefined
    ? `The package ships no licence text; its package.json says: ${licence}.`
    : readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim();
}
