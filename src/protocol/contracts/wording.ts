/**
 * Every finding of the contracts in words: the one place where they are written. A code is the
 * stable name; its parameters are what the sentence needs.
 */

type Words = (...args: never[]) => string;

/** What a contract finds beyond what its JSON Schema says. */
export const wording = {
  // routing
  ROUTING_GAP_WITHOUT_CREATOR: () =>
    'The route "capability_gap" does not lead to identity-creator, although the pack has an update lifecycle.',
} as const satisfies Record<string, Words>;

/** How a JSON Schema error is told, by the kind of its finding (`schema-check.ts`). */
export const schemaWording = {
  MISSING: (what: string) => `${what} is missing.`,
  TYPE: (what: string, wanted: string) => `${what} is not of type ${wanted}.`,
  VALUE: (what: string, wanted: string) => `${what} ${wanted}.`,
  UNKNOWN: (what: string) => `${what} is not expected here.`,
} as const satisfies Record<string, Words>;

export type FindingCode = keyof typeof wording;
export type SchemaFindingKind = keyof typeof schemaWording;
