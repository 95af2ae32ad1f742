import { ErrorCode, type GetPromptResult, type Prompt } from '@modelcontextprotocol/sdk/types.js';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import type { DiscoveryContext } from '../../protocol/discovery/list-identities.ts';
import { packReadLimits, readPackFile, textOf } from '../../protocol/discovery/read-pack.ts';
import { placedIdentities, placedIdentity } from './identities.ts';
import { ProtocolError } from './protocol-error.ts';

export const promptFile = 'IDENTITY_PROMPT.md';

/** One prompt for each identity that can be used, called like it. */
export function listPrompts(discovery: DiscoveryContext): Prompt[] {
  return placedIdentities(discovery)
    .filter(({ directory }) => hasPrompt(discovery.fs, directory))
    .map(({ listed: { id, title, description } }) => ({ name: id, title, description }));
}

/** Whether there is a prompt, be it one that is too large to send. */
export function hasPrompt(fs: ReadFileSystem, directory: string): boolean {
  const bytes = readPackFile(fs, directory, promptFile);
  return typeof bytes !== 'string' || bytes === 'too-large';
}

/** @throws InstallError E_IDENTITY_UNKNOWN; ProtocolError -32602 where there is no prompt to send */
export function getPrompt(discovery: DiscoveryContext, name: string): GetPromptResult {
  const { listed, directory } = placedIdentity(discovery, name);
  const bytes = readPackFile(discovery.fs, directory, promptFile);
  const text = typeof bytes === 'string' ? undefined : textOf(bytes);
  if (text === undefined) {
    const why =
      bytes === 'too-large'
        ? `larger than ${packReadLimits.fileBytes} bytes`
        : 'no text that is there';
    throw new ProtocolError(ErrorCode.InvalidParams, `${promptFile} of ${listed.id} is ${why}.`);
  }
  return {
    description: listed.description,
    messages: [{ role: 'user', content: { type: 'text', text } }],
  };
}
