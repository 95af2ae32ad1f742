import type { Finding } from '../../core/finding.ts';
import { createHiddenTextScan } from '../../core/hidden-text.ts';
import type { PackPath } from '../../core/path.ts';
import type { Unread } from '../../protocol/discovery/read-pack.ts';
import { findingOf } from './tools/shapes.ts';

/** What an agent would read in a file of a pack and a person would not see; nothing of what was not read. */
export function hiddenIn(path: PackPath, bytes: Uint8Array | Unread): Finding[] {
  if (typeof bytes === 'string') return [];
  const scan = createHiddenTextScan(path);
  scan.push(bytes);
  return scan.end();
}

/** The findings beside what is sent, under a name of our own; nothing where there are none. */
export function withHidden(findings: readonly Finding[]): { _meta?: Record<string, unknown> } {
  return findings.length === 0
    ? {}
    : { _meta: { 'identity-install/hiddenText': findings.map(findingOf) } };
}
