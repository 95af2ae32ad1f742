/** git-LFS pointers are smaller than this, according to the specification of git-lfs. */
export const lfsPointerBytes = 1024;

const firstLine =
  /^version https?:\/\/(git-lfs\.github\.com\/spec|hawser\.github\.com\/spec|git-media\.io)\/v\d/;

/** Whether these are the bytes of a git-LFS pointer instead of a file's content. */
export function isLfsPointer(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.length > lfsPointerBytes) return false;
  const text = bytes.toString('utf8');
  return firstLine.test(text) && /\noid sha256:[0-9a-f]{64}\n/.test(text);
}
