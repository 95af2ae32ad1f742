/**
 * A lint rule: no plain object is a map of names from outside.
 *
 * A file can be called `constructor` or `__proto__`. Where an object is looked into by such a name, it
 * answers with a member of its prototype, and where it is assigned to, the name can be lost. Which
 * names come from outside cannot be decided, but which could: a key whose type is `string`, not one of
 * a few words, on an object whose type says that it has members of any name. Such an object is read
 * with `ownMember` and built as a Map, or by what defines members (`Object.fromEntries`, a literal,
 * a spread), whatever their names are.
 *
 * Keys of a literal type, arrays, and objects of known members are left alone.
 */
import ts from 'typescript';

const messages = {
  access:
    'Any name may be a key here, `constructor` too: read it with ownMember (core/own-member.ts), or use a Map.',
  in: 'Any name may be a key here, `constructor` too: ask Object.hasOwn, or use a Map.',
  assign: 'Object.assign takes the key `__proto__` for the prototype: spread the members instead.',
};

/** @type {import('eslint').Rule.RuleModule} */
export const ownMembers = {
  meta: { type: 'problem', schema: [], messages },
  create(context) {
    const services = context.sourceCode.parserServices;
    const checker = services.program.getTypeChecker();
    const typeOf = (node) => services.getTypeAtLocation(node);

    /** Whether a type has members of any name, or one of the types that it is made of. */
    const isMap = (type) =>
      partsOf(checker.getApparentType(checker.getNonNullableType(type))).some(
        (part) =>
          !checker.isArrayType(part) &&
          !checker.isTupleType(part) &&
          checker.getIndexInfoOfType(part, ts.IndexKind.String) !== undefined,
      );

    /** Whether a key may be any text, rather than one of a few words. */
    const isAnyName = (type) =>
      partsOf(checker.getBaseConstraintOfType(type) ?? type).some(
        ({ flags }) => (flags & ts.TypeFlags.String) !== 0,
      );

    return {
      MemberExpression(node) {
        if (!node.computed || !isAnyName(typeOf(node.property))) return;
        if (isMap(typeOf(node.object))) context.report({ node, messageId: 'access' });
      },
      'ObjectPattern > Property[computed=true]'(node) {
        if (!isAnyName(typeOf(node.key))) return;
        if (isMap(typeOf(node.parent))) context.report({ node, messageId: 'access' });
      },
      'BinaryExpression[operator="in"]'(node) {
        if (isAnyName(typeOf(node.left))) context.report({ node, messageId: 'in' });
      },
      'CallExpression[callee.object.name="Object"][callee.property.name="assign"]'(node) {
        const [, ...sources] = node.arguments;
        if (sources.some((source) => isMap(typeOf(source)))) {
          context.report({ node, messageId: 'assign' });
        }
      },
    };
  },
};

/** The types that a union or an intersection is made of. */
function partsOf(type) {
  return type.isUnionOrIntersection() ? type.types.flatMap(partsOf) : [type];
}
