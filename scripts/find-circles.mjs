// Circles of imports, which ESLint's rules cannot see: they leave out imports of types. A circle of
// types is a circle of meaning, though: neither file can be understood, or moved, without the other.

import { cruise } from 'dependency-cruiser';

const isCircular = {
  name: 'no-circular',
  severity: 'error',
  from: {},
  to: { circular: true },
};

/**
 * Every circle of imports between the files of a room, each once, begun at the first of its files by
 * name. Imports of types count, and so do those that wait until they are needed.
 *
 * @param {string} directory the root of the repository
 * @param {string} room a directory of the root: `src`
 * @returns {Promise<string[][]>} the files of each, from the root
 */
export async function findCircles(directory, room) {
  const { output } = await cruise([room], {
    baseDir: directory,
    includeOnly: [`^${room}/`],
    tsPreCompilationDeps: true,
    ruleSet: { forbidden: [isCircular] },
    validate: true,
  });
  const circles = output.summary.violations.map(({ cycle }) =>
    inOrder(cycle.map(({ name }) => name)),
  );
  return [...new Map(circles.map((circle) => [circle.join('\n'), circle])).values()];
}

/** The same circle, begun at the first of its files by name. */
function inOrder(circle) {
  const first = circle.indexOf([...circle].sort()[0]);
  return [...circle.slice(first), ...circle.slice(0, first)];
}
