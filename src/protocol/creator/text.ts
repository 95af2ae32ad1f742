import { blockText } from '../yaml-splice.ts';

/** A JSON document in the format of the protocol's own. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A YAML document that names the schema by which editors check it. */
export function yamlText(value: unknown, schema: string): string {
  return `${schemaComment(schema)}\n${blockText(value)}`;
}

/** The comment from which the YAML language server of editors takes the schema. */
export function schemaComment(schema: string): string {
  return `# yaml-language-server: $schema=${schema}`;
}

/** UTC to the second, as the protocol writes times. */
export function utc(time: Date, secondsLater = 0): string {
  return `${new Date(time.getTime() + secondsLater * 1000).toISOString().slice(0, 19)}Z`;
}

/** The day of a time, in UTC. */
export function day(time: Date): string {
  return utc(time).slice(0, 10);
}
