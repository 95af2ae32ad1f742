/** Checks one name of a path against every platform on which a pack may be installed. */
import { foldedName, isGitName } from '../core/git-name.ts';

export interface NameProblem {
  readonly code:
    | 'PATH_EMPTY'
    | 'PATH_TRAVERSAL'
    | 'PATH_SEPARATOR'
    | 'PATH_ENCODING'
    | 'PATH_CONTROL'
    | 'PATH_INVISIBLE'
    | 'PATH_GIT'
    | 'PATH_DASH'
    | 'PATH_COLON'
    | 'PATH_RESERVED'
    | 'PATH_TRAILING'
    | 'ENTRY_SUBMODULES';
  readonly message: string;
}

interface NameRule extends NameProblem {
  readonly broken: (name: string) => boolean;
}

/**
 * Format characters (bidi, zero-width, tags), and others that are drawn as nothing: two names that
 * differ only in them look the same, and HFS+ treats some of them as the same.
 */
const invisible = /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const control = /[\p{Cc}\p{Cs}]/u;

/** Device names of Windows, with any extension (`con.txt`) and with superscript digits. */
const reserved =
  /^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])[ .]*(\.|$)/i;

const rules: readonly NameRule[] = [
  { code: 'PATH_EMPTY', message: 'an empty name', broken: (name) => name === '' },
  {
    code: 'PATH_TRAVERSAL',
    message: 'a name that leads elsewhere',
    broken: (name) => name === '.' || name === '..',
  },
  {
    code: 'PATH_SEPARATOR',
    message: 'a slash or backslash inside a name',
    broken: (name) => /[/\\]/.test(name),
  },
  {
    code: 'PATH_GIT',
    message: 'a name that git or a file system treats as .git',
    broken: isGitName,
  },
  {
    code: 'ENTRY_SUBMODULES',
    message: 'a submodule list',
    broken: (name) => /^(\.gitmodules|gitmod~\d+|gi7eba~\d+)$/.test(foldedName(name)),
  },
  { code: 'PATH_CONTROL', message: 'a control character', broken: (name) => control.test(name) },
  {
    code: 'PATH_INVISIBLE',
    message: 'a bidi, zero-width or other invisible character',
    broken: (name) => invisible.test(name),
  },
  {
    code: 'PATH_DASH',
    message: 'a leading dash, which programs treat as an option',
    broken: (name) => name.startsWith('-'),
  },
  {
    code: 'PATH_COLON',
    message: 'a colon (a drive or a stream on Windows)',
    broken: (name) => name.includes(':'),
  },
  {
    code: 'PATH_RESERVED',
    message: 'a device name of Windows',
    broken: (name) => reserved.test(name),
  },
  {
    code: 'PATH_TRAILING',
    message: 'a dot or space at the end of a name, which Windows drops',
    broken: (name) => /[. ]$/.test(name) && name !== '.' && name !== '..',
  },
];

/** All problems of one name, in the order of the rules; empty when it is safe everywhere. */
export function nameProblems(name: string): NameProblem[] {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[a-z]{1,8})?$/.test(name) && !reserved.test(name)) return [];
  return rules.filter(({ broken }) => broken(name)).map(({ code, message }) => ({ code, message }));
}

/** Whether git itself refuses to hold a file of this name, inside or outside a pack. */
export function isUnholdable(name: string): boolean {
  return nameProblems(name).some(({ code }) =>
    ['PATH_EMPTY', 'PATH_TRAVERSAL', 'PATH_GIT'].includes(code),
  );
}

/**
 * Equal for two paths that are the same file on a file system that folds case, or normalises.
 * Folding down and up again also brings `ß` and `SS`, and both lower-case sigmas, together.
 */
export function foldedPath(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path.toUpperCase();
  return path.normalize('NFD').toLowerCase().toUpperCase().normalize('NFC');
}
