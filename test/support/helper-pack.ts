import { makeRepository, type RepositoryFile, type RepositoryFiles } from './repository.ts';

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
  const tree: Record<string, RepositoryFile> = { 'identity/catalog/identities.yaml': catalog };
  for (const [path, content] of Object.entries(files)) {
    tree[`identity/packs/helper/${path}`] = content;
  }
  return tree;
}

/** Two releases of `helper` with the same many files, each of which differs between them. */
export function twoReleases(files: number): string {
  const release = (version: string): RepositoryFiles => {
    const all: Record<string, RepositoryFile> = {
      'IDENTITY_PROMPT.md': `prompt ${version}\n`,
      'CURRENT_TASK.json': `{"objective": "${version}"}\n`,
      'TASK_HISTORY.md': `# history\n`,
      'META.yaml': 'id: helper\n',
    };
    for (let index = 0; index < files; index += 1) {
      const text = `${version} of file ${index}\n`.repeat(20 + (index % 50));
      all[`part-${index % 7}/file-${index}.md`] = text;
    }
    return helperRelease(all);
  };
  return makeRepository({ 'v1.0.0': release('v1'), 'v2.0.0': release('v2') }).path;
}
