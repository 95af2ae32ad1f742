import identityList from '../../../../schemas/identity-list.schema.json' with { type: 'json' };
import { listIdentities } from '../../../protocol/discovery/list-identities.ts';
import { flag, input, list, text } from '../json-schema.ts';
import type { Tool } from '../tool.ts';

interface Input {
  readonly cwds?: readonly string[];
  readonly extra_roots?: readonly string[];
  readonly force_reload?: boolean;
}

/** A client's validator knows the keywords, but not this dialect by its name. */
const { $defs, properties } = identityList;

export const listTool: Tool<Input> = {
  name: 'identity_list',
  title: 'List identities',
  description:
    'The available identities: for each working directory its identities, its default, and what ' +
    'prevented others from being found. It lists every id that other tools accept.',
  writes: false,
  locksHome: false,
  reachesOut: false,
  inputSchema: input({
    cwds: list(text(), 'Working directories; default: that of the server.'),
    extra_roots: list(text(), 'Further roots: repositories or identity homes.'),
    force_reload: flag('Read everything again.'),
  }),
  outputSchema: { type: 'object', required: ['data'], properties, $defs },
  run: ({ cwds = [], extra_roots: extraRoots = [], force_reload: forceReload = false }, setting) =>
    listIdentities({ cwds, extraRoots, forceReload }, setting.services.discovery),
};
