import { verifyOptionTexts } from '../../../inspection/verify/options.ts';
import { verify } from '../../../inspection/verify/verify.ts';
import {
  count,
  flag,
  identityId,
  input,
  list,
  object,
  orNull,
  sha256,
  text,
} from '../json-schema.ts';
import { sentence } from '../sentence.ts';
import type { Tool } from '../tool.ts';
import { cut, findingOf, findingSchema, releaseOf, releaseSchema } from './shapes.ts';

interface Input {
  readonly ids?: readonly string[];
  readonly expect_head?: string;
}

export const verifyTool: Tool<Input> = {
  name: 'identity_verify',
  title: 'Verify installed identities',
  description:
    'Hashes every installed file and compares it with the record, and checks evidence, snapshots ' +
    'and ledger of the installer. Changes no file and publishes no report.',
  writes: false,
  locksHome: true,
  reachesOut: false,
  inputSchema: input({
    ids: list(identityId, 'Default: every installed identity.'),
    expect_head: { ...sha256, description: sentence(verifyOptionTexts.expectHead) },
  }),
  outputSchema: object({
    home: text('Absolute.'),
    intact: flag('No file was changed or is missing, and nothing is wrong with the records.'),
    ledger: object({ head: orNull(text()), operations: count() }),
    identities: list(
      object({
        id: text(),
        release: releaseSchema,
        intact: count('How many files are as they were installed.'),
        modified: list(text()),
        missing: list(text()),
        localOnly: list(text()),
        omitted: count('How many entries the lists leave out.'),
        problems: list(findingSchema),
      }),
    ),
  }),
  run: async ({ ids = [], expect_head: expectHead }, { context }) => {
    const run = await verify(context, {
      ids,
      ...(expectHead !== undefined && { expectHead }),
    });
    const { home, ledger, identities } = run;
    return {
      home,
      intact: identities.every(
        ({ files, problems }) =>
          files.modified.length === 0 && files.missing.length === 0 && problems.length === 0,
      ),
      ledger: { head: ledger.head, operations: ledger.operations },
      identities: identities.map(({ id, release, files, problems }) => {
        const [modified, missing, localOnly] = [files.modified, files.missing, files.localOnly].map(
          cut,
        );
        const wrong = cut(problems);
        return {
          id,
          release: releaseOf(release),
          intact: files.intact,
          modified: modified?.shown,
          missing: missing?.shown,
          localOnly: localOnly?.shown,
          omitted: [modified, missing, localOnly, wrong].reduce(
            (sum, one) => sum + (one?.omitted ?? 0),
            0,
          ),
          problems: wrong.shown.map(findingOf),
        };
      }),
    };
  },
};
