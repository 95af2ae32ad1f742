/** The name as NTFS and HFS+ would read it. */
export function foldedName(name: string): string {
  return name
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
}

/** Whether git or a file system treats a name as `.git`. */
export function isGitName(name: string): boolean {
  return /^(\.git|git~\d+)$/.test(foldedName(name));
}
