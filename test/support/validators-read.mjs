/**
 * To be imported before a built program: notes in the file `VALIDATORS_READ` the name of every
 * compiled validator that the program reads, a line each.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname } from 'node:path';

const { readFileSync } = fs;
fs.readFileSync = (path, ...rest) => {
  const file = String(path);
  if (basename(dirname(file)) === 'validators') {
    fs.appendFileSync(process.env.VALIDATORS_READ, `${basename(file, '.cjs')}\n`);
  }
  return readFileSync(path, ...rest);
};
syncBuiltinESMExports();
