import { makeRepository, type RepositoryFiles } from './repository.ts';

const catalog = `version: "1.0"
default_identity: helper
identities:
  - id: helper
    title: The helper
    description: Helps in tests.
    status: active
    methodology_version: v1
    pack_path: identity/packs/helper
`;

/** The tree of a release with one identity, `helper`, made of these files. */
export function helperRelease(files: RepositoryFiles): RepositoryFiles {
  const packed = Object.entries(files).map(([path, content]) => [
    `identity/packs/helper/${path}`,
    content,
  ]);
  return { 'identity/catalog/identities.yaml': catalog, ...Object.fromEntries(packed) };
}

/** Two releases of `helper` with the same many files, each of which differs between them. */
export function twoReleases(files: number): string {
  const release = (version: string): RepositoryFiles => {
    const many = Array.from({ length: files }, (_none, index) => [
      `part-${index % 7}/file-${index}.md`,
      `${version} of file ${index}\n`.repeat(20 + (index % 50)),
    ]);
    const own = {
      'IDENTITY_PROMPT.md': `prompt ${version}\n`,
      'CURRENT_TASK.json': `{"objective": "${version}"}\n`,
      'TASK_HISTORY.md': `# history\n`,
      'META.yaml': 'id: helper\n',
    };
    return helperRelease({ ...own, ...Object.fromEntries(many) });
  };
  return makeRepository({ 'v1.0.0': release('v1'), 'v2.0.0': release('v2') }).path;
}
