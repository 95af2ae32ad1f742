import type { Rule } from 'eslint';

export const ownMembers: Rule.RuleModule;
