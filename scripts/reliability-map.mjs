// The map in docs/reliability.md: which lines it has, and which tests they name.

/** Between a file and a test, and between the describes around a test. */
const separator = ' › ';
/** At the end of a name: all tests whose names begin so. */
const andMore = '…';

/**
 * The lines of every table whose last column is called "shown by".
 *
 * @param {string} markdown
 */
export function rowsOf(markdown) {
  const rows = [];
  let inMap = false;
  for (const [index, line] of markdown.split('\n').entries()) {
    const cells = line.startsWith('|') ? cellsOf(line) : [];
    if (cells.length === 0) inMap = false;
    else if (cells.at(-1) === 'shown by') inMap = true;
    else if (inMap && !/^[-:]+$/.test(cells[0])) {
      const named = [...cells.at(-1).matchAll(/`([^`]+)`/g)].map(([, name]) => name);
      rows.push({ line: index + 1, what: cells[0], named });
    }
  }
  return rows;
}

/**
 * What is wrong with the map: lines without a test, and names that no running test has.
 *
 * @param {ReturnType<typeof rowsOf>} rows
 * @param {readonly { file: string, name: string, mode: string }[]} tests every test there is
 * @param {(file: string) => string} sourceOf
 */
export function complaintsAbout(rows, tests, sourceOf) {
  if (rows.length === 0) return ['There is no map: no table has a column "shown by".'];
  return rows.flatMap(({ line, what, named }) => {
    const where = `line ${line} (${what})`;
    if (named.length === 0) return [`${where} names no test.`];
    return named.flatMap((name) => {
      const found = tests.filter((test) => isNamed(test, name));
      if (found.length === 0) return [`${where}: there is no test ${name}`];
      const off = found.filter((test) => isOff(test, sourceOf));
      return off.length === 0 ? [] : [`${where}: ${name} does not run (${off[0].mode}).`];
    });
  });
}

/** The files that the rows speak of. */
export function filesOf(rows) {
  const files = rows.flatMap(({ named }) => named.map((name) => name.split(separator)[0]));
  return [...new Set(files)];
}

function isNamed({ file, name }, named) {
  const full = `${file}${separator}${name}`;
  if (!named.endsWith(andMore)) return full === named;
  // A file, or less than one, is no test.
  const begins = named.slice(0, -andMore.length);
  return begins.startsWith(`${file}${separator}`) && full.startsWith(begins);
}

/** Skipped for good; a test that needs root or another platform says so by a condition. */
function isOff({ file, mode }, sourceOf) {
  if (mode === 'todo') return true;
  return mode === 'skip' && /\.skip\b|\bskip: true\b/.test(sourceOf(file));
}

function cellsOf(line) {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
