/**
 * Stands in the bundle for `debug`, which simple-git logs with: that log would print the whole
 * environment of git, with whatever secrets are in it, and loading it is a quarter of simple-git.
 */
function createSilent() {
  return Object.assign(() => undefined, { enabled: false, namespace: '', extend: createSilent });
}

export default Object.assign(createSilent, { formatters: {} });
