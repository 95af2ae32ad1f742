// The releases that the homes of the fixtures install: between any two of them something is new,
// something is gone, a file becomes a directory or the other way round, and a mode changes.

const task = `${JSON.stringify({
  install_safety_contract: {
    required: true,
    install_report_path_pattern: 'runtime/reports/install/report-*.json',
  },
  install_provenance_contract: {
    required: true,
    report_path_pattern: 'runtime/reports/provenance/report-*.json',
  },
})}\n`;

const meta = `id: helper
install:
  local: [settings/**]
  state: [memory/**]
`;

const always = {
  'CURRENT_TASK.json': task,
  'META.yaml': meta,
  'TASK_HISTORY.md': '# History\n',
  'memory/facts.md': '# Facts\n',
  'settings/tone.yaml': 'tone: plain\n',
  'rules/same.md': 'Never changes.\n',
  // Names that have to survive every format: not ASCII, with a space, and like a number.
  'rules/Überblick 概要.md': 'An overview.\n',
  42: 'forty-two\n',
};

const executable = (content) => ({ mode: '100755', content });

const helper = {
  'v1.0.0': {
    ...always,
    'IDENTITY_PROMPT.md': 'You help (1.0).\n',
    'rules/style.md': 'Style (1.0).\n',
    'rules/safety.md': 'Safety (1.0).\n',
    'tools/check.sh': executable('echo 1.0\n'),
    'topics/old.md': 'Only in 1.0.\n',
    'topics/unwanted.md': 'Unwanted (1.0).\n',
    guide: 'A file in 1.0.\n',
    'sections/deep/one.md': 'A directory in 1.0.\n',
  },
  'v1.1.0': {
    ...always,
    'IDENTITY_PROMPT.md': 'You help (1.1).\n',
    'rules/style.md': 'Style (1.1).\n',
    'rules/safety.md': 'Safety (1.1).\n',
    'tools/check.sh': executable('echo 1.1\n'),
    'topics/new.md': 'New in 1.1.\n',
    'topics/unwanted.md': 'Unwanted (1.1).\n',
    guide: 'A file in 1.1.\n',
    'sections/deep/one.md': 'A directory in 1.1.\n',
  },
  'v1.2.0': {
    ...always,
    'IDENTITY_PROMPT.md': 'You help (1.2).\n',
    'rules/style.md': 'Style (1.2).\n',
    'rules/safety.md': 'Safety (1.1).\n',
    'tools/check.sh': 'echo 1.2\n',
    'topics/new.md': 'Changed in 1.2.\n',
    'topics/unwanted.md': 'Unwanted (1.1).\n',
    'guide/first.md': 'A directory in 1.2.\n',
    sections: 'A file in 1.2.\n',
  },
  // None of the homes has it: it is what they are upgraded to.
  'v1.3.0': {
    ...always,
    'IDENTITY_PROMPT.md': 'You help (1.3).\n',
    'rules/style.md': 'Style (1.3).\n',
    'rules/safety.md': 'Safety (1.3).\n',
    'rules/more.md': 'New in 1.3.\n',
    'tools/check.sh': executable('echo 1.3\n'),
    'topics/unwanted.md': 'Unwanted (1.3).\n',
    'guide/first.md': 'A directory in 1.3.\n',
    'guide/second.md': 'New in 1.3.\n',
  },
};

const catalog = `version: "1.0"
default_identity: helper
identities:
  - id: helper
    title: The helper
    description: Helps with everything.
    status: active
    methodology_version: v1
    pack_path: identity/packs/helper
  - id: other
    title: The other
    description: Helps with the rest.
    status: active
    methodology_version: v1
    pack_path: identity/packs/other
`;

/** Path to `{mode, content}`, by tag. */
export const releases = Object.fromEntries(
  Object.entries(helper).map(([tag, files]) => [
    tag,
    {
      'identity/catalog/identities.yaml': plainly(catalog),
      ...below('identity/packs/helper', files),
      ...below('identity/packs/other', { 'IDENTITY_PROMPT.md': `You help, too (${tag}).\n` }),
    },
  ]),
);

function below(directory, files) {
  return Object.fromEntries(
    Object.entries(files).map(([path, file]) => [`${directory}/${path}`, plainly(file)]),
  );
}

function plainly(file) {
  return typeof file === 'string' ? { mode: '100644', content: file } : file;
}
