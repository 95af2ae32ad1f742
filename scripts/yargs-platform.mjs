/**
 * What yargs needs of its platform when it only reads a command line, in place of its own
 * `platform-shims/esm.mjs` (scripts/build.mjs puts it there). Its own loads tables of character
 * widths, a layout of help, translations and a search for `package.json` and for callers, which
 * takes longer than reading; none of it is asked for here (docs/adr/0017-yargs-reads-every-command-line.md).
 */
import { inspect } from 'node:util';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { Parser } from 'yargs/helpers';

/** Says which of the parts left out was asked for: then this file has to have it. */
const leftOut = (name) => () => {
  throw new Error(`The bundled yargs has no ${name} (scripts/yargs-platform.mjs).`);
};

/** yargs lays out its help for every command that it finds; ours is what is shown. */
const blank = { div: () => blank, span: () => blank, toString: () => '' };

const asWritten = (text) => text;

export default {
  assert: { notStrictEqual: () => undefined, strictEqual: () => undefined },
  cliui: () => blank,
  findUp: () => undefined,
  getCallerFile: leftOut('getCallerFile'),
  getEnv: (name) => process.env[name],
  getProcessArgvBin: () => '',
  inspect,
  mainFilename: '',
  Parser,
  path: { basename, dirname, extname, join, relative, resolve },
  process: {
    argv: () => process.argv,
    cwd: () => process.cwd(),
    emitWarning: (warning, type) => process.emitWarning(warning, type),
    execPath: () => process.execPath,
    exit: leftOut('exit'),
    nextTick: process.nextTick,
    stdColumns: null,
  },
  readFileSync: leftOut('readFileSync'),
  readdirSync: leftOut('readdirSync'),
  require: leftOut('require'),
  stringWidth: (text) => text.length,
  // Its sentences are never shown: what is wrong is said in ours.
  y18n: {
    __: asWritten,
    __n: asWritten,
    getLocale: () => 'en',
    setLocale: () => undefined,
    updateLocale: () => undefined,
  },
};
