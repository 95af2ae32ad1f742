import { InstallError } from '../../core/errors.ts';
import type { Arguments } from './arguments.ts';
import type { Option, OptionGroup } from './option.ts';

const scopes = ['user', 'project', 'admin'] as const;
type Scope = (typeof scopes)[number];

/** What every program and command understands. */
export interface GlobalOptions {
  /** As it was typed; absent: from `scope`, `IDENTITY_HOME` or the default, in that order. */
  readonly home?: string;
  readonly scope?: Scope;
  /** Seconds to wait for another run on the home; absent: none. */
  readonly wait?: number;
  readonly json: boolean;
  /** Only what needs attention: conflicts, warnings, errors, and the undo command. */
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** False with `--no-color`; the terminal's own settings apply as well. */
  readonly color: boolean;
}

export const homeGroup: OptionGroup = {
  title: 'Where',
  options: [
    { name: 'home', kind: 'value', value: '<dir>', describe: 'identity home to work on' },
    {
      name: 'scope',
      kind: 'value',
      value: '<scope>',
      describe: 'home of that scope instead: user, project or admin',
    },
    {
      name: 'wait',
      kind: 'value',
      value: '<seconds>',
      describe: 'wait that long for another run on the home to end; default: not at all',
    },
  ],
};

export const outputGroup: OptionGroup = {
  title: 'Output',
  options: [
    { name: 'json', kind: 'flag', describe: 'one JSON document on standard output' },
    {
      name: 'quiet',
      kind: 'flag',
      describe: 'only conflicts, warnings, errors and the undo command',
    },
    { name: 'verbose', kind: 'flag', describe: 'every file, and where everything was put' },
    { name: 'no-color', kind: 'flag', describe: 'no colours (NO_COLOR does the same)' },
    { name: 'help', alias: 'h', kind: 'flag', describe: 'show this help' },
    { name: 'version', alias: 'V', kind: 'flag', describe: 'show the version' },
  ],
};

/** Options that most commands understand. */
export const globalGroups: readonly OptionGroup[] = [homeGroup, outputGroup];

/** Options about output that make sense where standard output carries a protocol. */
export const servedOutputGroup: OptionGroup = {
  ...outputGroup,
  options: outputGroup.options.filter(({ name }) => name === 'help' || name === 'version'),
};

export function optionsOf(groups: readonly OptionGroup[]): readonly Option[] {
  return groups.flatMap(({ options }) => options);
}

/** @throws InstallError E_USAGE */
export function readGlobalOptions(given: Arguments): GlobalOptions {
  given.refuseTogether('home', 'scope');
  given.refuseTogether('quiet', 'verbose');
  const home = given.value('home');
  const scope = given.value('scope');
  const wait = given.value('wait');
  return {
    ...(home === undefined ? {} : { home }),
    ...(scope === undefined ? {} : { scope: checkScope(scope) }),
    ...(wait === undefined ? {} : { wait: checkWait(wait) }),
    json: given.flag('json'),
    quiet: given.flag('quiet'),
    verbose: given.flag('verbose'),
    color: !given.flag('no-color'),
  };
}

function checkScope(text: string): Scope {
  const scope = scopes.find((each) => each === text);
  if (scope !== undefined) return scope;
  throw new InstallError('E_USAGE', `--scope does not know "${text}".`, {
    remedy: `Choose one of: ${scopes.join(', ')}.`,
    details: { option: 'scope', value: text },
  });
}

const longestWait = 86_400;

function checkWait(text: string): number {
  const seconds = /^(?:0|[1-9]\d{0,4})$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= longestWait) return seconds;
  throw new InstallError('E_USAGE', `--wait takes whole seconds, not "${text}".`, {
    remedy: `Write a number from 0 to ${longestWait}, which is a day.`,
    details: { option: 'wait', value: text },
  });
}
