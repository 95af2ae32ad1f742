import { InstallError } from '../../core/errors.ts';
import { readGlobalOptions } from './global-options.ts';
import type { Invocation } from './invocation.ts';
import { checkPlanDigest } from './plan-digest.ts';
import { helpCommandOf, readArguments, type Arguments } from './read-arguments.ts';
import { rollbackOptions } from './rollback-options.ts';

/**
 * `identity-rollback <ref>`
 *
 * @throws InstallError E_USAGE
 */
export function parseRollback(argv: readonly string[]): Invocation {
  const given = readArguments(argv, rollbackOptions, helpCommandOf('identity-rollback'));
  const options = readGlobalOptions(given);
  if (given.flag('list')) {
    for (const name of ['path', 'through', 'plan', 'plan-digest']) {
      given.refuseTogether('list', name);
    }
    if (given.positionals.length > 0) {
      throw new InstallError('E_USAGE', '--list takes no reference: it shows all of them.', {
        remedy: 'Leave one of the two out.',
      });
    }
    return { command: { kind: 'history' }, options };
  }
  given.refuseTogether('plan', 'plan-digest');
  const planDigest = given.value('plan-digest');
  return {
    command: {
      kind: 'rollback',
      request: {
        ref: readRef(given),
        through: given.flag('through'),
        paths: [...new Set(given.list('path').map(checkInstancePath))],
        ...(given.flag('plan') ? { stopAfter: 'plan' as const } : {}),
        ...(planDigest === undefined ? {} : { planDigest: checkPlanDigest(planDigest) }),
      },
    },
    options,
  };
}

function readRef(given: Arguments): string {
  const [ref, ...more] = given.positionals;
  if (ref === undefined || ref === '') {
    throw new InstallError('E_USAGE', 'Which operation is to be undone?', {
      remedy:
        '"identity-rollback last" undoes the newest one; ' +
        '"identity-rollback --list" shows all of them.',
    });
  }
  if (more.length > 0) {
    throw new InstallError('E_USAGE', 'Only one operation can be undone at a time.', {
      remedy: 'To undo several that follow each other, name the oldest and add --through.',
      details: { refs: given.positionals },
    });
  }
  return ref;
}

/** `./a/b/` is `a/b`; anything that leaves the instance is a mistake, not a file. */
function checkInstancePath(text: string): string {
  const path = text.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  const parts = path.split('/');
  if (path !== '' && parts.every((part) => part !== '' && part !== '.' && part !== '..')) {
    return path;
  }
  throw new InstallError('E_USAGE', `--path "${text}" is no path inside an instance.`, {
    remedy: 'Write it relative to the instance, for example --path IDENTITY_PROMPT.md.',
    details: { option: 'path', value: text },
  });
}
