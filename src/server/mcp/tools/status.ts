import { listHistory } from '../../../inspection/history/list-history.ts';
import { verify } from '../../../inspection/verify/verify.ts';
import type { OperationSummary } from '../../../inspection/history/list-history.ts';
import type { VerifiedIdentity } from '../../../inspection/verify/verify.ts';
import { count, flag, identityId, input, list, object, orNull, text } from '../json-schema.ts';
import type { Tool } from '../tool.ts';
import { releaseOf, releaseSchema } from './shapes.ts';

const mostOperations = 10;

export const statusTool: Tool<{ readonly ids?: readonly string[] }> = {
  name: 'identity_status',
  title: 'Status of installed identities',
  description:
    'What is installed in the home: the release of each identity, how many of its files were ' +
    'changed since, and its last operations with the refs that undo them.',
  writes: false,
  locksHome: true,
  reachesOut: false,
  inputSchema: input({ ids: list(identityId, 'Default: every installed identity.') }),
  outputSchema: object({
    home: text('Absolute.'),
    identities: list(
      object({
        id: text(),
        release: releaseSchema,
        clean: flag('Every file is as it was installed, and nothing is wrong with the records.'),
        files: object({ intact: count(), modified: count(), missing: count(), localOnly: count() }),
        problems: count('identity_verify names them.'),
        operations: list(
          object({
            ref: text(),
            operation: text('install or rollback'),
            at: text('UTC, ISO 8601.'),
            summary: text(),
            undoneBy: orNull(text()),
          }),
          'Newest first, the last ten.',
        ),
      }),
    ),
    pending: list(
      object({ ref: text(), id: text() }),
      'Interrupted operations; the next one that writes recovers them first.',
    ),
  }),
  run: async ({ ids = [] }, { context }) => {
    const { home, identities, pending } = await verify(context, { ids });
    const { operations } = listHistory(context);
    return {
      home,
      identities: identities.map((identity) => statusOf(identity, operations)),
      pending: pending.map(({ ref, id }) => ({ ref, id })),
    };
  },
};

function statusOf(
  { id, release, files, problems }: VerifiedIdentity,
  operations: readonly OperationSummary[],
): object {
  const counts = {
    intact: files.intact,
    modified: files.modified.length,
    missing: files.missing.length,
    localOnly: files.localOnly.length,
  };
  return {
    id,
    release: releaseOf(release),
    clean: counts.modified === 0 && counts.missing === 0 && problems.length === 0,
    files: counts,
    problems: problems.length,
    operations: operations
      .filter((operation) => operation.id === id)
      .slice(0, mostOperations)
      .map(({ ref, operation, at, summary, undoneBy }) => ({
        ref,
        operation,
        at,
        summary,
        undoneBy,
      })),
  };
}
