import { ErrorCode, type GetPromptResult, type Prompt } from '@modelcontextprotocol/sdk/types.js';
import type { Finding } from '../../core/finding.ts';
import type { ReadFileSystem } from '../../platform/file-system.ts';
import type { DiscoveryContext } from '../../protocol/discovery/list-identities.ts';
import { packReadLimits, readPackFile, textOf } from '../../protocol/discovery/read-pack.ts';
import { hiddenIn, withHidden } from './hidden-text.ts';
import { placedIdentities, placedIdentity } from './identities.ts';
import { ProtocolError } from './protocol-error.ts';

export const promptFile = 'IDENTITY_PROMPT.md';

/** One prompt for each identity that can be used, with its id as the name. */
export function listPrompts(discovery: DiscoveryContext): Prompt[] {
  return placedIdentities(discovery)
    .filter(({ directory }) => hasPrompt(discovery.fs, directory))
    .map(({ listed: { id, title, description } }) => ({ name: id, title, description }));
}

/** Whether there is a prompt, even if it is too large to send. */
export function hasPrompt(fs: ReadFileSystem, directory: string): boolean {
  const bytes = readPackFile(fs, directory, promptFile);
  return typeof bytes !== 'string' || bytes === 'too-large';
}

/**
 * The unchanged prompt. Hidden text in it is reported in the description for people, since an
 * identity of the working directory may never have been installed, and so never checked.
 *
 * @throws InstallError E_ID_UNKNOWN; ProtocolError -32602 if there is no prompt to send
 */
export function getPrompt(discovery: DiscoveryContext, name: string): GetPromptResult {
  const { listed, directory } = placedIdentity(discovery, name);
  const bytes = readPackFile(discovery.fs, directory, promptFile);
  const text = typeof bytes === 'string' ? undefined : textOf(bytes);
  if (text === undefined) {
    const why =
      bytes === 'too-large'
        ? `larger than ${packReadLimits.fileBytes} bytes`
        : 'missing or not text';
    throw new ProtocolError(ErrorCode.InvalidParams, `${promptFile} of ${listed.id} is ${why}.`);
  }
  const hidden = hiddenIn(promptFile, bytes);
  return {
    ...withHidden(hidden),
    description: [listed.description, ...warningOf(hidden)].join('\n'),
    messages: [{ role: 'user', content: { type: 'text', text } }],
  };
}

function warningOf([first]: readonly Finding[]): string[] {
  if (first === undefined) return [];
  const { message, line } = first;
  return [`Warning: ${promptFile} holds text that people do not see: ${message}, line ${line}.`];
}
