import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A link or a citation that leads nowhere. */
export interface DeadLink {
  readonly target: string;
  readonly why: string;
}

/** The names under which the headings of a Markdown text can be linked to, as GitHub makes them. */
export function anchorsOf(markdown: string): string[] {
  const prose = markdown.replace(/^(```+|~~~+).*?^\1/gms, '');
  const seen = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6} +(.*?)(?: +#+)? *$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** Links of a Markdown file to other files, or to headings, that are not there. */
export function deadLinks(file: string): DeadLink[] {
  const markdown = readFileSync(file, 'utf8');
  return [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    return problemOf(target, path === '' ? file : join(dirname(file), path), anchor);
  });
}

/**
 * Citations of documents in the comments of a source text that do not lead to a page of this
 * repository, or not to one of its headings. A citation is the path of a page from the root,
 * `docs/limits.md#hidden-text`; `docs/` is not left out, and a section is named by its anchor.
 */
export function deadCitations(source: string, root: string): DeadLink[] {
  const comments = commentsOf(source);
  const cited = comments.flatMap((comment) =>
    [...comment.matchAll(/(?<![\w./-])docs\/([\w./-]+\.md)(?:#([\w-]*))?/g)].flatMap(
      ([target, path = '', anchor]) => problemOf(target, join(root, 'docs', path), anchor),
    ),
  );
  const elsewhere = comments.flatMap((comment) =>
    [...comment.matchAll(/[\w/.-]+\.md,? §|\bADR[ -]?\d+|\badr\/\d+(?![\w-]*\.md)/g)].map(
      ([target]) => ({ target, why: 'not cited as docs/<page>.md#<anchor>' }),
    ),
  );
  return [...cited, ...elsewhere];
}

/** Lines that are comments, and comments at the end of a line. */
function commentsOf(source: string): string[] {
  return source
    .split('\n')
    .flatMap((line) => /^\s*(?:\/\*|\*|\/\/).*|(?<=\s)\/\/ .*/.exec(line)?.[0] ?? []);
}

function problemOf(target: string, file: string, anchor: string | undefined): DeadLink[] {
  if (!existsSync(file)) return [{ target, why: 'there is no such file' }];
  if (anchor === undefined || anchorsOf(readFileSync(file, 'utf8')).includes(anchor)) return [];
  return [{ target, why: 'the page has no such heading' }];
}
