/**
 * Every finding of the contracts in words: the one place where they are written. A code is the
 * stable name; its parameters are what the sentence needs.
 */

type Words = (...args: never[]) => string;

/** What a contract finds beyond what its JSON Schema says. */
export const wording = {
  // catalog
  CATALOG_UNREADABLE: (problem: string) => `The catalog cannot be used: ${sentence(problem)}`,
  CATALOG_NO_MAPPING: () => 'The catalog is no mapping.',
  CATALOG_ID_TWICE: (id: string) => `The id "${id}" is listed twice.`,
  CATALOG_DEFAULT_UNKNOWN: (id: string) => `The default identity "${id}" is not listed.`,
  CATALOG_PACK_PATH_UNSAFE: (path: string) =>
    `pack_path "${path}" is no plain path below the catalog's root.`,
  CATALOG_PACK_MISSING: (path: string) => `There is no pack at "${path}".`,
  CATALOG_PACK_UNLISTED: (id: string) => `The catalog does not list "${id}".`,

  // pack-files
  PACK_FILE_MISSING: (path: string) => `The pack has no ${path}.`,
  PACK_FILE_UNREADABLE: () => 'The file cannot be read, or is too large for a document.',
  PACK_FILE_UNPARSEABLE: (problem: string) => `The file cannot be used: ${sentence(problem)}`,
  PACK_META_NO_MAPPING: () => 'META.yaml is no mapping.',
  PACK_META_ID_MISMATCH: (own: string, id: string) =>
    `META.yaml says that the pack is "${own}", not "${id}".`,
  PACK_META_GLOB_UNUSABLE: (glob: string, problem: string) =>
    `The glob "${glob}" cannot be used: ${sentence(problem)}`,

  // runtime-state
  RUNTIME_STATE_NO_OBJECT: () => 'CURRENT_TASK.json is no object.',
  RUNTIME_STATE_GATE_WITHOUT_CONTRACT: (gate: string, block: string) =>
    `The gate ${gate} is required, but there is no ${block}.`,
  RUNTIME_STATE_STATE_UNKNOWN: (state: string) => `"${state}" is none of the allowed states.`,
  RUNTIME_STATE_RULE_UNREADABLE: (rule: string) =>
    `The transition rule "${rule}" does not read "a -> b".`,

  // routing
  ROUTING_GAP_WITHOUT_CREATOR: () =>
    'The route "capability_gap" does not lead to identity-creator, although the pack has an update lifecycle.',
} as const satisfies Record<string, Words>;

/** What somebody else wrote, with one full stop behind it. */
function sentence(text: string): string {
  return `${text.replace(/\.$/, '')}.`;
}

/** How a JSON Schema error is told, by the kind of its finding (`schema-check.ts`). */
export const schemaWording = {
  MISSING: (what: string) => `${what} is missing.`,
  TYPE: (what: string, wanted: string) => `${what} is not of type ${wanted}.`,
  VALUE: (what: string, wanted: string) => `${what} ${wanted}.`,
  UNKNOWN: (what: string) => `${what} is not expected here.`,
} as const satisfies Record<string, Words>;

export type FindingCode = keyof typeof wording;
export type SchemaFindingKind = keyof typeof schemaWording;
