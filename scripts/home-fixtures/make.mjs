import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { run, treeOf } from './place.mjs';
import { life } from './scenarios.mjs';

/**
 * A home that lived long, with nothing left to settle, in the directory `life`.
 *
 * @returns what stood in it after each step, and how the version sees it now
 */
export function makeLife(place) {
  place.begin();
  const steps = [];
  for (const step of life) {
    const known = historyOf(place);
    play(place, step);
    const [newest] = historyOf(place);
    const ref = newest?.ref === known[0]?.ref ? null : newest.ref;
    steps.push({ name: step.name, ref, tree: treeOf(place.home) });
  }
  place.keep('life');
  return { steps, verified: verify(place), history: historyOf(place) };
}

/**
 * One home for each point at which the operation of the scenario is interrupted, each in a
 * directory of its own.
 *
 * @returns the two states in which they may end, and what this very version makes of each
 */
export function makeInterrupted(place, scenario) {
  const { name, about, before, points } = scenario;
  place.begin();
  for (const step of before) play(place, step);
  const again = place.bookmark();
  const history = historyOf(place);
  const trees = endsOf(place, scenario);
  const verified = {};
  const homes = Object.entries(points).map(([point, { about: where, settles, ...at }]) => {
    const home = `${name}-${kebab(point)}`;
    interrupt(place, scenario, at, again, home);
    place.keep(home);
    const recovered = settle(place);
    requireSame(treeOf(place.home), trees[settles], home);
    verified[settles] ??= verify(place);
    requireSame(verify(place), verified[settles], home);
    requireSame(historyOf(place).map(shortened), historyAfter(recovered, history), home);
    console.log(home, JSON.stringify(recovered));
    return { home, about: where, settles, recovered };
  });
  return { scenario: name, about, history, trees, verified, homes };
}

/** What a user sees before and after; only before, where the operation cannot succeed. */
function endsOf(place, scenario) {
  if (scenario.meanwhile !== undefined) {
    scenario.meanwhile(place);
    return { old: treeOf(place.home) };
  }
  const old = treeOf(place.home);
  play(place, scenario);
  const trees = { old, new: treeOf(place.home) };
  if (isDeepStrictEqual(trees.old, trees.new)) throw new Error(`${scenario.name} does nothing`);
  return trees;
}

/** Runs the operation twice: to learn its calls, and to be killed at one of them. */
function interrupt(place, scenario, { when = 'after', ...at }, again, home) {
  const command = scenario.command(place);
  const disturbed = scenario.disturbed?.(place);
  again();
  const { calls } = run(place, command, { disturbed, kill: { at: 0, when } });
  const index = indexOf(calls, at, home);
  again();
  const killed = run(place, command, { disturbed, kill: { at: index + 1, when } });
  if (killed.status !== 137 || !isDeepStrictEqual(killed.calls, calls.slice(0, index + 1))) {
    throw new Error(`${home} was not killed at ${calls[index]}: ${killed.stderr}`);
  }
  if (disturbed === undefined) scenario.meanwhile?.(place);
  place.passTime();
}

function indexOf(calls, { at, after, which = 'first' }, home) {
  const from = after === undefined ? 0 : calls.findIndex((call) => after.test(call));
  const found = [...calls.keys()].filter((index) => index >= from && at.test(calls[index]));
  const middle = Math.floor((found.length - 1) / 2);
  const index = which === 'middle' ? found[middle] : found[0];
  if (from === -1 || index === undefined) {
    throw new Error(`${home}: no call ${at} in\n${calls.join('\n')}`);
  }
  return index;
}

function play(place, { name, command, edit, disturbed, status = 0 }) {
  if (edit !== undefined) {
    edit(place);
    return;
  }
  const ran = run(place, command(place), { disturbed: disturbed?.(place) });
  if (ran.status !== status) throw new Error(`${name}: ${ran.status}, ${ran.stdout}${ran.stderr}`);
  place.passTime();
}

/** @returns what came of each operation that was not settled */
function settle(place) {
  const { recovered } = ask(place, 'recover');
  place.passTime();
  return recovered.map(({ ref, outcome }) => ({ ref, outcome }));
}

/** The home as this very version sees it: what every later one has to see in it as well. */
function verify(place) {
  const { identities, problems } = ask(place, 'verify', '--all');
  requireSame(problems, [], 'verify');
  return identities.map(({ id, release, files }) => ({ id, tag: release.tag, ...files }));
}

/** Newest first. */
function historyOf(place) {
  return ask(place, 'history').operations.map(({ ref, id, operation, outcome, undoneBy }) => {
    return { ref, id, operation, outcome, undoneBy };
  });
}

function historyAfter(recovered, history) {
  const outcomes = { completed: 'done', undone: 'aborted' };
  const added = recovered.filter(({ outcome }) => outcome in outcomes);
  return [
    ...added.map(({ ref, outcome }) => ({ ref, outcome: outcomes[outcome] })),
    ...history.map(shortened),
  ];
}

function shortened({ ref, outcome }) {
  return { ref, outcome };
}

function ask(place, command, ...args) {
  const { status, stdout, stderr } = run(place, ['identity', command, ...args, '--json']);
  // 1: files that were edited.
  if (status !== 0 && status !== 1) throw new Error(`${command}: ${status}, ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

/** The version has to refuse a home that a later one made, and to leave it alone. */
export function requireRefusal(place) {
  place.begin();
  play(place, life[0]);
  const format = join(place.home, '.identity-install/format.json');
  const { layout } = JSON.parse(readFileSync(format, 'utf8'));
  writeFileSync(format, `{"layout":${layout + 1},"needs":"999.0.0"}\n`);
  const before = place.contents();
  for (const { command } of life) {
    if (command === undefined) continue;
    const { status, stderr } = run(place, command(place));
    if (status !== 6) throw new Error(`a newer layout was not refused: ${status}, ${stderr}`);
    if (place.contents() !== before) throw new Error('a home of a newer layout was changed');
  }
}

function requireSame(actual, expected, what) {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

function kebab(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
