import { commandOptions, identityOptions } from '../options/identity-options.ts';
import { installOptions } from '../options/install-options.ts';
import type { HelpTopic } from '../options/invocation.ts';
import type { Option, OptionGroup } from '../options/option.ts';
import { rollbackOptions } from '../options/rollback-options.ts';

interface HelpPage {
  readonly usage: readonly string[];
  readonly about: string;
  readonly commands?: readonly (readonly [name: string, describe: string])[];
  readonly options: readonly OptionGroup[];
  readonly examples: readonly (readonly [command: string, describe: string])[];
  readonly exit: readonly (readonly [codes: string, meaning: string])[];
}

const width = 80;

/**
 * The help of a program or command, at most 80 columns wide. It is laid out here rather than by the
 * parser, so that the parser need not be loaded for it (docs/speed.md#starting).
 */
export function renderHelp(topic: HelpTopic): string {
  const page = pages[topic];
  return [
    ...page.usage.map((line, index) => `${index === 0 ? 'Usage:' : '      '} ${line}`),
    '',
    ...wrap(page.about, width),
    ...(page.commands === undefined ? [] : ['', 'Commands', ...twoColumns(page.commands)]),
    ...page.options.flatMap(({ title, options }) => [
      '',
      title,
      ...twoColumns(options.map((option) => [optionLabel(option), option.describe] as const)),
    ]),
    '',
    'Examples',
    ...page.examples.flatMap(([command, describe]) => [`  ${command}`, `      ${describe}`]),
    '',
    'Exit codes',
    ...twoColumns(
      [...page.exit, ...everyExit].sort(([left], [right]) => Number(left) - Number(right)),
      8,
    ),
    '',
  ].join('\n');
}

function optionLabel(option: Option): string {
  const alias = option.alias === undefined ? '' : `-${option.alias}, `;
  return `${alias}--${option.name}${option.kind === 'flag' ? '' : ` ${option.value}`}`;
}

function twoColumns(rows: readonly (readonly [string, string])[], least = 26): string[] {
  const left = Math.max(least, ...rows.map(([label]) => label.length + 4));
  return rows.flatMap(([label, describe]) => {
    const [first = '', ...more] = wrap(describe, width - left);
    return [
      `  ${label.padEnd(left - 2)}${first}`,
      ...more.map((line) => `${' '.repeat(left)}${line}`),
    ];
  });
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

const everyExit: HelpPage['exit'] = [
  ['2', 'the command line is not understood'],
  ['3', 'the home or the instance refuses: locked, changed, unsafe place'],
  ['6', 'a snapshot, record or ledger does not verify'],
  ['70', 'a defect of the program'],
  ['130', 'interrupted'],
];

const pages: Readonly<Record<HelpTopic, HelpPage>> = {
  'identity-install': {
    usage: ['identity-install [id..] [options]'],
    about:
      'Installs or updates identity packs. By default no file that is already there is changed ' +
      'or removed: only what is missing is added, and everything kept is named with its reason.',
    options: installOptions,
    examples: [
      ['identity-install', 'the default identity of the built-in starter'],
      ['identity-install --from acme/identities --release "~1.4.0"', 'the newest 1.4 release'],
      ['identity-install code-reviewer --plan', 'what would happen; nothing is changed'],
      ['identity-install code-reviewer --merge', 'advance the files you did not change'],
      [
        'identity-install code-reviewer --replace --backup',
        'back to what the release ships; the old files are kept in a snapshot',
      ],
    ],
    exit: [
      ['0', 'done, or nothing to do'],
      ['1', 'conflicts are left, or --check found something to do'],
      ['4', 'the pack is refused'],
      ['5', 'the source or the tag cannot be trusted or reached'],
    ],
  },
  'identity-rollback': {
    usage: ['identity-rollback <ref> [options]', 'identity-rollback --list'],
    about:
      'Undoes one operation. <ref> is its reference or the beginning of it, "last", ' +
      '"<id>@last", or the id of a run. What was edited since goes into a snapshot first; a ' +
      'rollback is an operation, too, and can be undone in the same way.',
    options: rollbackOptions,
    examples: [
      ['identity-rollback --list', 'every operation with its reference'],
      ['identity-rollback last --plan', 'what would happen; nothing is changed'],
      ['identity-rollback last', 'undo the newest operation'],
      ['identity-rollback 20261120-235959 --through', 'that one and everything after it'],
    ],
    exit: [
      ['0', 'done, or nothing to undo'],
      ['1', 'something stands in the way of a file'],
    ],
  },
  identity: {
    usage: ['identity <command> [options]'],
    about: 'Finds identities, and looks after those that are installed or that you write.',
    commands: [
      ['list', 'which identities a project can use'],
      ['show <id>', 'everything about one of them'],
      ['match "<objective>"', 'which identity a task calls for, and why'],
      ['verify [id..]', 'compare the files with what was installed'],
      ['verify --all', 'check everything in the home, and say what can be trusted'],
      ['validate [id..]', 'hold packs against the contracts of the protocol'],
      ['create [id]', 'write a new pack into a protocol repository'],
      ['register <id>', 'enter an identity in the local catalog'],
      ['activate <id>', 'make it the default, and active, there'],
      ['compile [id]', 'the brief that an agent begins with'],
      ['history', 'the operations of the home, and how to undo them'],
      ['recover', 'settle an operation that was interrupted'],
      ['serve', 'answer identity/list over JSON-RPC, for agents'],
      ['mcp', 'serve agents over the Model Context Protocol'],
      ['help [command]', 'explain a command'],
    ],
    options: identityOptions,
    examples: [
      ['identity verify', 'is everything as it was installed?'],
      ['identity help verify', 'all about one command'],
    ],
    exit: [
      ['0', 'done, nothing found'],
      ['1', 'something was found'],
    ],
  },
  'identity list': {
    usage: ['identity list [options]'],
    about:
      'Lists the identities that a project can use: its own, those of its parent repositories ' +
      'with --parents, of every --root, and of the identity home; the nearest of the same id ' +
      'counts. What could not be used is named, and hides nothing else.',
    options: commandOptions.list,
    examples: [
      ['identity list', 'what this directory finds'],
      ['identity list --cwd app --cwd api --json', 'two projects, for a program to read'],
    ],
    exit: [
      ['0', 'listed'],
      ['1', 'listed, and something could not be used'],
    ],
  },
  'identity show': {
    usage: ['identity show <id> [options]'],
    about: 'Shows everything about one identity that a project can use.',
    options: commandOptions.show,
    examples: [['identity show code-reviewer', 'policy, tools, tags and where its pack is']],
    exit: [['0', 'shown']],
  },
  'identity match': {
    usage: ['identity match "<objective>" [options]'],
    about:
      'Compares an objective with title, tags, descriptions and default prompt of every identity, ' +
      'and shows the scores, the words that met, and which identity would be activated: the one ' +
      'selected explicitly, else the default of the project, else the best match.',
    options: commandOptions.match,
    examples: [
      ['identity match "review this pull request"', 'who is there for that?'],
      ['identity match "审核商品" --root ~/shared', 'with the identities of another root'],
    ],
    exit: [
      ['0', 'an identity would be activated'],
      ['1', 'none would'],
    ],
  },
  'identity serve': {
    usage: ['identity serve [options]'],
    about:
      'Answers JSON-RPC 2.0 on standard input and output, one message on a line: initialize, ' +
      'identity/list, identity/read; and says identity/changed when a root changes. Ends when ' +
      'standard input does.',
    options: commandOptions.serve,
    examples: [['identity serve --root ~/shared', 'for an agent to start']],
    exit: [['0', 'the client closed its end']],
  },
  'identity verify': {
    usage: ['identity verify [id..] [options]', 'identity verify --all [options]'],
    about:
      'Hashes every installed file and compares it with the record, and checks the evidence, ' +
      'the snapshots and the ledger of the installer. Changes no file of the pack. Without ids: ' +
      'every installed identity. --all checks everything in the home, goes on after the first ' +
      'problem, and ends with what can still be trusted and undone; it publishes no report.',
    options: commandOptions.verify,
    examples: [
      ['identity verify', 'every installed identity'],
      ['identity verify code-reviewer --json', 'one of them, for a program to read'],
      ['identity verify --all', 'the whole home, every snapshot and the head of the ledger'],
    ],
    exit: [
      ['0', 'everything is as it was installed'],
      ['1', 'files were changed or are missing'],
    ],
  },
  'identity validate': {
    usage: ['identity validate [id..] [options]', 'identity validate --self-test'],
    about:
      'Holds packs against the contracts of the identity protocol, and names file, line and ' +
      'JSON pointer of every finding. Looks at the protocol repository in the working ' +
      'directory, else at the instances of the home. Reads only. Without ids: all of the catalog.',
    options: commandOptions.validate,
    examples: [
      ['identity validate', 'every pack of this repository, or of the home'],
      ['identity validate code-reviewer --contract routing', 'one pack, one contract'],
      ['identity validate --format sarif > identity.sarif', 'for code scanning'],
      ['identity validate --self-test', 'do the contracts find what they should?'],
    ],
    exit: [
      ['0', 'nothing found, or only warnings (--strict: nothing found)'],
      ['1', 'a contract is not kept, or a sample does not show what it should'],
    ],
  },
  'identity create': {
    usage: ['identity create [id] [options]'],
    about:
      'Writes a new pack that keeps every contract into the protocol repository in the working ' +
      'directory, and its entry into the catalog; begins a repository where there is none. ' +
      'Writes all of it or nothing, and over no file that is there. Installs nothing.',
    options: commandOptions.create,
    examples: [
      ['identity create', 'asks for id, title, description and objective'],
      [
        'identity create night-watch --title "Night watch" --description "…" --objective "…"',
        'without questions',
      ],
    ],
    exit: [
      ['0', 'written'],
      ['2', 'something is missing that nobody could be asked for, or cannot be used'],
      ['3', 'something is there already; nothing was written'],
      ['4', 'the catalog that is there cannot be edited'],
    ],
  },
  'identity register': {
    usage: ['identity register <id> [options]'],
    about:
      'Enters an identity in catalog.local.yaml of the home; comments and the rest of it stay. An ' +
      'installed identity is entered as its release describes it, any other one by the place of ' +
      'its pack in the repository in the working directory. Touches no instance.',
    options: commandOptions.register,
    examples: [['identity register night-watch', 'and it can be activated']],
    exit: [['0', 'registered, or it was already']],
  },
  'identity activate': {
    usage: ['identity activate <id> [options]'],
    about: 'Makes a registered identity the default of the home, and active.',
    options: identityOptions,
    examples: [['identity activate night-watch', 'agents that ask for no other get this one']],
    exit: [['0', 'active, or it was already']],
  },
  'identity compile': {
    usage: ['identity compile [id] [options]'],
    about:
      'Prints the brief that an agent begins with: guardrails, objective, state, allowed skills ' +
      'and MCP servers, references and sources. Of the repository in the working directory, else ' +
      'of the home; without an id, of its default. The same sources give the same brief.',
    options: commandOptions.compile,
    examples: [
      ['identity compile', 'the default identity'],
      ['identity compile --output identity/runtime/IDENTITY_COMPILED.md', 'into a file'],
    ],
    exit: [
      ['0', 'compiled'],
      ['4', 'a document of the pack cannot be read'],
    ],
  },
  'identity mcp': {
    usage: ['identity mcp [--allow-write] [options]'],
    about:
      'Serves one agent over the Model Context Protocol on standard input and output, until the ' +
      'agent closes it: tools to list, show, plan, verify and validate identities, their files ' +
      'as resources and their prompts as prompts. With --allow-write also tools that install and ' +
      'undo, and only by the digest of a plan that was shown.',
    options: commandOptions.mcp,
    examples: [
      ['identity mcp', 'what an agent starts; it cannot change an instance'],
      ['identity mcp --allow-write --scope project', 'may install into the project, after a plan'],
    ],
    exit: [['0', 'the agent closed its end']],
  },
  'identity history': {
    usage: ['identity history [options]'],
    about: 'Shows the operations of a home, newest first, with the reference that undoes each.',
    options: identityOptions,
    examples: [['identity history', 'the operations of the default home']],
    exit: [['0', 'shown']],
  },
  'identity recover': {
    usage: ['identity recover [options]'],
    about:
      'Finishes or undoes an operation that was interrupted, for example by a power failure. ' +
      'Every other command does the same first; this one does nothing else.',
    options: identityOptions,
    examples: [['identity recover', 'settle what is unfinished, and say how']],
    exit: [['0', 'settled, or nothing was interrupted']],
  },
};
