import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const built = Symbol.for('identity-install: dist/ is built');

/**
 * Builds `dist/` for the tiers that run the programs as users do: once, also where several of them
 * are run together.
 */
export function setup(): void {
  const once = globalThis as { [built]?: true };
  if (once[built] === true) return;
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'pipe' });
  once[built] = true;
}
