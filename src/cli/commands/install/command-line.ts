import type { InstallWish } from '../../../operations/install/request.ts';
import type { GlobalOptions } from '../../options/global-options.ts';
import { shellWords, valueWords } from '../../options/shell-words.ts';
import { limitWords } from './limit-options.ts';

/**
 * The arguments of exactly this request: the inverse of reading them. Hints that contain a command
 * use it, so that they can be pasted.
 */
export function installCommandLine(request: InstallWish, options: GlobalOptions): string {
  // After `--` an id may begin with a dash, too.
  const dashed = request.ids.some((id) => id.startsWith('-'));
  const words = dashed ? [] : [...request.ids];
  const flag = (name: string, given: boolean): void => {
    if (given) words.push(`--${name}`);
  };
  const value = (name: string, given: string | undefined): void => {
    words.push(...valueWords(name, given));
  };

  flag('all', request.all);
  value('from', request.from);
  value('release', request.release);
  flag('frozen', request.frozen);
  flag('offline', request.offline);
  value('home', options.home);
  value('scope', options.scope);
  value('wait', options.wait?.toString());
  flag('merge', request.mode === 'merge');
  flag('replace', request.mode === 'replace');
  flag('backup', request.backup);
  flag('prune', request.prune);
  flag('include-state', request.includeState);
  for (const glob of request.keep) value('keep', glob);
  flag('restore-deleted', request.restoreDeleted);
  if (request.stopAfter !== undefined) flag(request.stopAfter, true);
  flag('diff', request.diff);
  value('plan-digest', request.planDigest);
  flag('allow-downgrade', request.allowDowngrade);
  flag('accept-moved-tag', request.acceptMovedTag);
  flag('allow-http', request.allowHttp);
  flag('require-valid', request.requireValid);
  flag('strict', request.strict);
  words.push(...limitWords(request));
  flag('register', request.register);
  flag('activate', request.activate);
  flag('json', options.json);
  flag('quiet', options.quiet);
  flag('verbose', options.verbose);
  flag('no-color', !options.color);
  if (dashed) words.push('--', ...request.ids);
  return shellWords(words);
}
