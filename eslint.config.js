import boundaries from 'eslint-plugin-boundaries';
import tseslint from 'typescript-eslint';
import { ownMembers } from './scripts/lint/own-members.mjs';

/** From the ground up; no room imports from another on its own floor (docs/architecture.md#rooms-and-floors). */
const storeys = [
  ['core'],
  ['platform'],
  ['release', 'instance', 'protocol'],
  ['planning', 'engine'],
  ['inspection', 'authoring'],
  ['operations'],
  ['server'],
  ['cli'],
];

/** What each room may import from besides itself: every floor below it. */
const floors = Object.fromEntries(
  storeys.flatMap((onFloor, floor) =>
    onFloor.map((room) => [room, storeys.slice(0, floor).flat()]),
  ),
);
const rooms = Object.keys(floors);

/** Effects live in `platform`; everywhere else they come in as values. */
const effectModules = [
  'fs',
  'fs/promises',
  'child_process',
  'os',
  'net',
  'http',
  'https',
  'worker_threads',
].flatMap((name) => [name, `node:${name}`]);

/** Digests are arithmetic; chance is an effect. */
const randomness = ['crypto', 'node:crypto'].map((name) => ({
  name,
  importNames: ['getRandomValues', 'randomBytes', 'randomInt', 'randomUUID', 'webcrypto'],
  message: 'Chance comes from platform/clock.ts.',
}));

/** Ending the process cuts off what is under way; `main` sets the exit code, once. */
const noExit = {
  object: 'process',
  property: 'exit',
  message: 'Throw, or set process.exitCode where the process is entered.',
};

/** The creator writes contents and never deploys; the installer deploys and never writes contents. */
const noCreator = {
  group: ['**/protocol/creator/**'],
  message: 'The installer takes files as they are (docs/protocol.md#words).',
};

const time = 'The time comes from platform/clock.ts.';
const noClock = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: time },
  { selector: "CallExpression[callee.name='Date']", message: time },
];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'fixtures', 'starter'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'vitest.config.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['vitest.config.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { house: { rules: { 'own-members': ownMembers } } },
    rules: { 'house/own-members': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts'] } },
      'boundaries/elements': rooms.map((room) => ({ type: room, pattern: `src/${room}` })),
    },
    rules: {
      'boundaries/no-unknown-files': 'error',
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: rooms.map((room) => ({
            from: { element: { type: room } },
            allow: { to: { element: { types: { anyOf: [room, ...floors[room]] } } } },
          })),
        },
      ],
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    rules: { 'no-restricted-properties': ['error', noExit] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/platform/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: [...effectModules, ...randomness] }],
      'no-restricted-globals': ['error', 'process'],
      'no-restricted-properties': [
        'error',
        noExit,
        { object: 'Date', property: 'now', message: time },
        { object: 'Math', property: 'random', message: 'Chance comes from platform/clock.ts.' },
      ],
      'no-restricted-syntax': ['error', ...noClock],
    },
  },
  {
    files: ['src/{engine,planning,operations,inspection}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [...effectModules, ...randomness], patterns: [noCreator] },
      ],
      // `import()` is none of the declarations that the rule above looks at.
      'no-restricted-syntax': [
        'error',
        ...noClock,
        {
          selector: 'ImportExpression[source.value=/protocol.creator/]',
          message: noCreator.message,
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.base],
  },
);
