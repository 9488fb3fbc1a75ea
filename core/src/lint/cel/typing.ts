import type { ASTNode } from '@marcbachmann/cel-js';
import { escapeField } from '#core/lint/cel/escape.ts';
import { callOf, isLoop, partsOf } from '#core/lint/cel/syntax.ts';
import { SchemaNode } from '#core/schema/node.ts';

/** What is asked of the schema of a place. */
type TypedPlace = Pick<SchemaNode, 'raw' | 'propertyNames' | 'property' | 'items' | 'additional'>;

/** Schemas of the names in a condition. */
type Scope = ReadonlyMap<string, TypedPlace | undefined>;

/**
 * Why a condition means something else to the server than to the evaluator, as far as the schema tells: a field that is not there,
 * lists that count as equal in any order.
 */
export function findObstacle(expression: ASTNode, self: SchemaNode, isRoot: boolean): string | undefined {
  return visit(expression, new Map<string, TypedPlace>([['self', isRoot ? withIdentity(self) : self]]));
}

const IDENTITY = new SchemaNode({
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } },
  },
});

/** An object with what conditions see of its identity. */
function withIdentity(schema: SchemaNode): TypedPlace {
  const { raw, propertyNames, items, additional } = schema;
  const property = (name: string): SchemaNode | undefined => IDENTITY.property(name) ?? schema.property(name);
  return { raw, propertyNames, items, additional, property };
}

function visit(node: ASTNode, scope: Scope): string | undefined {
  const call = callOf(node);
  if (isLoop(call)) {
    const [name, ...bodies] = call.values;
    const inner = new Map([
      ...scope,
      [name?.op === 'id' ? name.args : '', schemaOf(call.receiver, scope)?.items] as const,
    ]);
    return visit(call.receiver, scope) ?? firstOf(bodies, inner);
  }
  return findOwnObstacle(node, scope) ?? firstOf(partsOf(node), scope);
}

function firstOf(nodes: readonly ASTNode[], scope: Scope): string | undefined {
  for (const node of nodes) {
    const found = visit(node, scope);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findOwnObstacle(node: ASTNode, scope: Scope): string | undefined {
  switch (node.op) {
    case '.':
    case '.?': {
      const holder = schemaOf(node.args[0], scope);
      if (!holder || schemaOf(node, scope)) return undefined;
      return `the schema has no field ${node.args[1]}`;
    }
    case '==':
    case '!=':
    case '+': {
      const compound = node.args.map((part) => schemaOf(part, scope)).some((schema) => schema && isUnordered(schema));
      return compound ? 'it compares or joins objects, or lists that have no order' : undefined;
    }
    default:
      return undefined;
  }
}

/** Objects may hold such lists, so they are not looked into. */
function isUnordered({ raw, items }: TypedPlace): boolean {
  if (raw.type === 'object') return true;
  return (
    raw.type === 'array' && (/^(?:set|map)$/.test(raw['x-kubernetes-list-type'] ?? '') || items?.type === 'object')
  );
}

/** The schema of an expression that leads to a place below a name; undefined for every other one. */
function schemaOf(node: ASTNode, scope: Scope): TypedPlace | undefined {
  switch (node.op) {
    case 'id':
      return scope.get(node.args);
    case '.':
    case '.?': {
      const holder = schemaOf(node.args[0], scope);
      return holder && (fieldOf(holder, node.args[1]) ?? holder.additional);
    }
    case '[]':
    case '[?]': {
      const holder = schemaOf(node.args[0], scope);
      return holder?.items ?? holder?.additional;
    }
    default:
      return undefined;
  }
}

function fieldOf(schema: TypedPlace, field: string): SchemaNode | undefined {
  const direct = escapeField(field) === field ? schema.property(field) : undefined;
  const name = direct ? undefined : schema.propertyNames.find((candidate) => escapeField(candidate) === field);
  return direct ?? (name === undefined ? undefined : schema.property(name));
}
