import { InstallError } from '../../../core/errors.ts';
import type { InstallWish } from '../../../operations/install/request.ts';
import type { Option, OptionGroup } from '../../options/option.ts';
import type { Arguments } from '../../options/arguments.ts';
import { valueWords } from '../../options/shell-words.ts';

type LimitName = keyof NonNullable<InstallWish['limits']>;

interface LimitOption {
  readonly name: string;
  readonly limit: LimitName;
  readonly unit: 'size' | 'count';
  /** The largest values that other parts of the program can handle. */
  readonly most: number;
  readonly describe: string;
}

const limits: readonly LimitOption[] = [
  {
    name: 'max-entries',
    limit: 'entries',
    unit: 'count',
    most: 100_000,
    describe: 'files and directories of a pack (50000)',
  },
  {
    name: 'max-file-bytes',
    limit: 'fileBytes',
    unit: 'size',
    most: 2 ** 30,
    describe: 'one file (64M)',
  },
  {
    name: 'max-total-bytes',
    limit: 'totalBytes',
    unit: 'size',
    most: 2 ** 40,
    describe: 'all files of a pack (1G)',
  },
  {
    name: 'max-depth',
    limit: 'depth',
    unit: 'count',
    most: 256,
    describe: 'directories inside each other (32)',
  },
  {
    name: 'max-name-bytes',
    limit: 'nameBytes',
    unit: 'count',
    most: 1020,
    describe: 'one name, in UTF-8 (255)',
  },
];
const longestTimeout = 24 * 60 * 60;

export const limitGroup: OptionGroup = {
  title: 'Limits on what a source may contain (sizes take K, M, G or T)',
  options: [
    ...limits.map(({ name, unit, describe }): Option => {
      const value = unit === 'size' ? '<size>' : '<number>';
      return { name, kind: 'value', value, describe };
    }),
    {
      name: 'timeout',
      kind: 'value',
      value: '<seconds>',
      describe: 'without an answer of the source (60); sixty times that in total',
    },
  ],
};

/**
 * The limits that were given, and only those.
 *
 * @throws InstallError E_USAGE
 */
export function readLimits(given: Arguments): Pick<InstallWish, 'limits' | 'idleMs'> {
  const read = limits.flatMap((option) => {
    const text = given.value(option.name);
    return text === undefined ? [] : [[option.limit, readFigure(option, text)] as const];
  });
  const timeout = given.value('timeout');
  return {
    ...(read.length > 0 && { limits: Object.fromEntries(read) }),
    ...(timeout !== undefined && {
      idleMs: 1000 * readFigure({ name: 'timeout', unit: 'count', most: longestTimeout }, timeout),
    }),
  };
}

/** The inverse of `readLimits`, as words of a command line. */
export function limitWords(request: Pick<InstallWish, 'limits' | 'idleMs'>): string[] {
  return [
    ...limits.flatMap(({ name, limit }) => valueWords(name, request.limits?.[limit]?.toString())),
    ...valueWords(
      'timeout',
      request.idleMs === undefined ? undefined : (request.idleMs / 1000).toString(),
    ),
  ];
}

const powers = ['', 'K', 'M', 'G', 'T'];

/** A whole number above zero; a size may end in a unit, a power of 1024. Nothing else is guessed. */
function readFigure(
  { name, unit, most }: Pick<LimitOption, 'name' | 'unit' | 'most'>,
  text: string,
): number {
  const form = unit === 'size' ? /^([1-9]\d{0,14})([KMGT]?)$/ : /^([1-9]\d{0,14})$/;
  const [, digits, power = ''] = form.exec(text) ?? [];
  const figure = Number(digits) * 1024 ** powers.indexOf(power);
  if (figure <= most) return figure;
  const problem =
    digits === undefined
      ? `is not a valid ${unit === 'size' ? 'size' : 'whole number above zero'}`
      : `is more than the maximum of ${most}`;
  throw new InstallError('E_USAGE', `--${name} ${text} ${problem}.`, {
    remedy: `Write --${name} 1${unit === 'size' ? '28M' : '00'}, for example.`,
    details: { option: name, value: text, most },
  });
}
