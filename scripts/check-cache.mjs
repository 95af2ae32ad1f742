// What the steps of `npm run check` remember of the last time; below node_modules, so that it goes
// with what it was made by.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from './import-graph.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = join(root, 'node_modules', '.cache', 'identity-install');

/** Files that change what every step says of every file. */
const settings = [
  'package-lock.json',
  'tsconfig.json',
  'eslint.config.js',
  'scripts/lint/own-members.mjs',
  'vitest.config.ts',
];

/** `CI=1 npm run check` believes nothing that was found out before. */
const isFresh = (process.env.CI ?? '') !== '';

/**
 * What a step found out last time; nothing where the settings were others.
 *
 * @param {string} step
 * @returns {Record<string, any>}
 */
export function recall(step) {
  if (isFresh) return {};
  try {
    const { settings, known } = JSON.parse(readFileSync(fileOf(step), 'utf8'));
    return settings === settingsDigest() ? known : {};
  } catch {
    // There is none, or none that can be read: everything is looked at again.
    return {};
  }
}

/**
 * @param {string} step
 * @param {Record<string, any>} known
 */
export function remember(step, known) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(fileOf(step), JSON.stringify({ settings: settingsDigest(), known }));
}

function fileOf(step) {
  return join(directory, `${step}.json`);
}

function settingsDigest() {
  return digestOf(settings.map((name) => digestOf(readFileSync(join(root, name)))).join('\n'));
}
