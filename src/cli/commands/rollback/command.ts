import { exitCodes } from '../../../core/error-codes.ts';
import { InstallError } from '../../../core/errors.ts';
import type { RollbackRequest } from '../../../operations/rollback/request.ts';
import type { Arguments } from '../../options/arguments.ts';
import { checkPlanDigest } from '../../options/plan-digest.ts';
import { defineCommand, type Command } from '../../command/command.ts';
import { history } from '../history.ts';
import { rollbackOptions } from './options.ts';

const undo = defineCommand({
  usage: ['identity-rollback <ref> [options]', 'identity-rollback --list'],
  about:
    'Undoes one operation. <ref> is its reference or the beginning of it, "last", ' +
    '"<id>@last", or the id of a run. Later edits are saved in a snapshot first; a ' +
    'rollback is an operation, too, and can be undone in the same way.',
  options: rollbackOptions,
  examples: [
    ['identity-rollback --list', 'every operation with its reference'],
    ['identity-rollback last --plan', 'what would happen; nothing is changed'],
    ['identity-rollback last', 'undo the newest operation'],
    ['identity-rollback 20261120-235959 --through', 'that one and everything after it'],
  ],
  exits: [
    [exitCodes.done, 'done, or nothing to undo'],
    [exitCodes.findings, 'something is in the way of a file'],
  ],
  schemas: ['rollback-result', ...history.schemas],
  parse: readRequest,
  schemaOf: () => 'rollback-result',
  run: async (request, { composition }) => {
    const { rollback: run } = await import('../../../operations/rollback/rollback.ts');
    return await run(composition.openHome(), request);
  },
  /** 1 if a file could not be restored because something is in its way; otherwise 0. */
  exitCode: ({ operations }) => {
    const blocked = operations.some(({ plan }) =>
      plan.actions.some((action) => action.reason === 'in-the-way'),
    );
    return blocked ? exitCodes.findings : exitCodes.done;
  },
  text: async (run, request, context) => {
    const { renderRollback } = await import('../../render/rollback-text.ts');
    return renderRollback(run, request, context);
  },
});

/** `--list` is the history of the home, for users who need a reference. */
export const rollback: typeof undo & Command = {
  ...undo,
  prepare: (given) => {
    if (!given.flag('list')) return undo.prepare(given);
    for (const name of ['path', 'through', 'plan', 'plan-digest']) {
      given.refuseTogether('list', name);
    }
    if (given.operands.length > 0) {
      throw new InstallError('E_USAGE', '--list takes no reference: it shows all of them.', {
        remedy: 'Leave one of the two out.',
      });
    }
    return history.prepare(given);
  },
};

/** @throws InstallError E_USAGE */
function readRequest(given: Arguments): RollbackRequest {
  given.refuseTogether('plan', 'plan-digest');
  const planDigest = given.value('plan-digest');
  return {
    ref: readRef(given),
    through: given.flag('through'),
    paths: [...new Set(given.list('path').map(checkInstancePath))],
    ...(given.flag('plan') ? { stopAfter: 'plan' as const } : {}),
    ...(planDigest === undefined ? {} : { planDigest: checkPlanDigest(planDigest) }),
  };
}

function readRef(given: Arguments): string {
  const [ref, ...more] = given.operands;
  if (ref === undefined || ref === '') {
    throw new InstallError('E_USAGE', 'Which operation should be undone?', {
      remedy:
        '"identity-rollback last" undoes the newest one; ' +
        '"identity-rollback --list" shows all of them.',
    });
  }
  if (more.length > 0) {
    throw new InstallError('E_USAGE', 'Only one operation can be undone at a time.', {
      remedy: 'To undo several that follow each other, name the oldest and add --through.',
      details: { refs: given.operands },
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
  throw new InstallError('E_USAGE', `--path "${text}" is not a path inside an instance.`, {
    remedy: 'Write it relative to the instance, for example --path IDENTITY_PROMPT.md.',
    details: { option: 'path', value: text },
  });
}
