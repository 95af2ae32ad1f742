import type { Row } from '../command/row.ts';

/** Every command, a line each: help and completion do not load them. */
// prettier-ignore
export const registry: readonly Row[] = [
  { name: 'identity-install', group: 'every day', about: 'install or update identities', load: async () => (await import('./install/command.ts')).install },
  { name: 'identity-rollback', group: 'every day', about: 'undo one operation', load: async () => (await import('./rollback/command.ts')).rollback },
  { name: 'show', group: 'every day', about: 'everything about one identity', load: async () => (await import('./show.ts')).show },
  { name: 'history', group: 'every day', about: 'the operations of the home, and how to undo them', load: async () => (await import('./history.ts')).history },
  { name: 'verify', group: 'every day', about: 'compare files with what was installed; --all: the whole home', load: async () => (await import('./verify.ts')).verify },
  { name: 'recover', group: 'every day', about: 'recover an operation that was interrupted', load: async () => (await import('./recover.ts')).recover },
  { name: 'list', group: 'find', about: 'which identities a project can use', load: async () => (await import('./list.ts')).list },
  { name: 'match', group: 'find', about: 'which identity a task calls for, and why', load: async () => (await import('./match.ts')).match },
  { name: 'register', group: 'change', about: 'register an identity in the local catalog', load: async () => (await import('./register.ts')).register },
  { name: 'activate', group: 'change', about: 'make it active and the default there', load: async () => (await import('./activate.ts')).activate },
  { name: 'create', group: 'write', about: 'write a new pack into a protocol repository', load: async () => (await import('./create/command.ts')).create },
  { name: 'validate', group: 'write', about: 'check packs against the contracts of the protocol', load: async () => (await import('./validate/command.ts')).validate },
  { name: 'compile', group: 'write', about: 'the brief that an agent begins with', load: async () => (await import('./compile.ts')).compile },
  { name: 'serve', group: 'serve', about: 'answer identity/list over JSON-RPC, for agents', load: async () => (await import('./serve.ts')).serve },
  { name: 'mcp', group: 'serve', about: 'serve agents over the Model Context Protocol', load: async () => (await import('./mcp.ts')).mcp },
  { name: 'help', group: 'shell', about: 'explain a command', load: async () => (await import('./help.ts')).helpOn(registry) },
];
