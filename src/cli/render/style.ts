/** How text is highlighted on a terminal with colours; on any other, not at all. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

const sgr = (open: number, close: number) => (text: string) =>
  text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;
const asIs = (text: string): string => text;

const coloured: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  warning: sgr(33, 39),
  bad: sgr(31, 39),
};
const plain: Style = { strong: asIs, faint: asIs, good: asIs, warning: asIs, bad: asIs };

export function styleFor(colour: boolean): Style {
  return colour ? coloured : plain;
}
