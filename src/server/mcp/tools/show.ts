import { resolve } from 'node:path';
import identityList from '../../../../schemas/identity-list.schema.json' with { type: 'json' };
import { readRecord } from '../../../instance/record-file.ts';
import { listPackFiles, readPackFile } from '../../../protocol/discovery/read-pack.ts';
import { hiddenIn } from '../hidden-text.ts';
import { placedIdentity, resourceLimits } from '../identities.ts';
import { count, identityId, input, list, object, orNull, text } from '../json-schema.ts';
import { hasPrompt, promptFile } from '../prompts.ts';
import { resourceUri } from '../resources.ts';
import type { Tool } from '../tool.ts';
import { findingOf, findingSchema, releaseOf, releaseSchema } from './shapes.ts';

export const showTool: Tool<{ readonly id: string }> = {
  name: 'identity_show',
  title: 'Show an identity',
  description:
    'One identity: its catalog entry, the place of its files, the address of its prompt ' +
    'among the resources, hidden text in that prompt, and the installed release.',
  writes: false,
  locksHome: false,
  reachesOut: false,
  inputSchema: input({ id: identityId }, ['id']),
  outputSchema: {
    ...object({
      identity: identityList.$defs.identity,
      directory: text('Absolute.'),
      files: count('How many files it has; each is a resource.'),
      prompt: orNull(text('Address of its prompt among the resources.')),
      hiddenText: list(findingSchema, 'Text in its prompt that people do not see.'),
      installed: orNull(
        object({
          release: releaseSchema,
          from: text('The source as it was given.'),
          instance: text('Absolute directory.'),
          operation: text('The last operation on it.'),
          updatedAt: text('UTC, ISO 8601.'),
        }),
      ),
    }),
    $defs: identityList.$defs,
  },
  run: ({ id }, { services, context }) => {
    const { fs, layout } = context;
    const { listed, directory } = placedIdentity(services.discovery, id);
    const { files } = listPackFiles(fs, directory, resourceLimits);
    const record = readRecord(fs, layout.recordFile(id));
    const installed = record && {
      release: releaseOf(record.release),
      from: record.from,
      instance: resolve(layout.home, record.instance),
      operation: record.operation,
      updatedAt: record.updatedAt,
    };
    return {
      identity: listed,
      directory,
      files: files.length,
      prompt: hasPrompt(fs, directory) ? resourceUri(id, promptFile) : null,
      hiddenText: hiddenIn(promptFile, readPackFile(fs, directory, promptFile)).map(findingOf),
      installed: installed ?? null,
    };
  },
};
