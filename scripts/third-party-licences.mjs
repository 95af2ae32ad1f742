import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `node_modules/a/node_modules/@b/c/lib/x.js` -> `node_modules/a/node_modules/@b/c` */
const packageDirectory = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/**
 * Name, version, licence and licence text of every package of which at least one byte is in the
 * bundle, as one text. Throws when a bundled package does not say what its licence is.
 */
export function licenceDocument(root, metafiles) {
  const directories = new Set();
  for (const output of metafiles.flatMap(({ outputs }) => Object.values(outputs))) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const directory = packageDirectory.exec(input)?.[1];
      if (directory !== undefined && bytesInOutput > 0) directories.add(directory);
    }
  }
  const sections = [...directories]
    .map((directory) => describePackage(join(root, directory)))
    .sort((left, right) => (left.title < right.title ? -1 : 1))
    .map(({ title, text }) => `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text}\n`);
  return [
    'The files in this directory contain code of these packages.\n',
    ...new Set(sections),
  ].join('\n');
}

function describePackage(directory) {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const licence = manifest.license?.type ?? manifest.license;
  if (typeof licence !== 'string') {
    throw new Error(`${manifest.name} is bundled but its package.json names no licence`);
  }
  const file = readdirSync(directory).find((name) => /^licen[cs]e|^copying/i.test(name));
  const path = file === undefined ? undefined : join(directory, file);
  const text =
    path !== undefined && existsSync(path)
      ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim()
      : `The package ships no licence text; its package.json says: ${licence}.`;
  return { title: `${manifest.name} ${manifest.version} (${licence})`, text };
}
