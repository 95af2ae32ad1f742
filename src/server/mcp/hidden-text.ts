import type { Finding } from '../../core/finding.ts';
import { createHiddenTextScan } from '../../core/hidden-text.ts';
import type { PackPath } from '../../core/path.ts';
import type { Unread } from '../../protocol/discovery/read-pack.ts';
import { findingOf } from './tools/shapes.ts';

/**
 * What an agent would read in a file of a pack but a person would not see; empty for a file that
 * was not read.
 */
export function hiddenIn(path: PackPath, bytes: Uint8Array | Unread): Finding[] {
  if (typeof bytes === 'string') return [];
  const scan = createHiddenTextScan(path);
  scan.push(bytes);
  return scan.end();
}

/** The findings as a member of our own beside the content; empty if there are none. */
export function withHidden(findings: readonly Finding[]): { _meta?: Record<string, unknown> } {
  return findings.length === 0
    ? {}
    : { _meta: { 'identity-install/hiddenText': findings.map(findingOf) } };
}
