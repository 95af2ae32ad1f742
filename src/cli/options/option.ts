interface OptionFacts {
  /** Without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly alias?: string;
  /** For `--help`: a phrase, no full stop. */
  readonly describe: string;
}

/** One option of a program, for the parser and for `--help`. */
export type Option = OptionFacts &
  (
    | { readonly kind: 'flag' }
    /** `value` is how help names the value: `<dir>`. `list` may be given several times. */
    | { readonly kind: 'value' | 'list'; readonly value: string }
  );

/** Options under one heading of `--help`. */
export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option[];
}
