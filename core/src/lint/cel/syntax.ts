import type { ASTNode } from '@marcbachmann/cel-js';

/** A call, as `f(a)` or `receiver.f(a)`. */
export interface Call {
  readonly name: string;
  readonly receiver: ASTNode | undefined;
  readonly values: readonly ASTNode[];
}

export function callOf(node: ASTNode): Call | undefined {
  if (node.op === 'call') return { name: node.args[0], receiver: undefined, values: node.args[1] };
  if (node.op === 'rcall') return { name: node.args[0], receiver: node.args[1], values: node.args[2] };
  return undefined;
}

/** The parts of an expression, in the order of the text. */
export function partsOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** The expression and everything in it. */
export function everythingIn(node: ASTNode): readonly ASTNode[] {
  return [node, ...partsOf(node).flatMap(everythingIn)];
}

/** Macros that go over a list or the keys of a map, with a name for its items. */
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

export function isLoop(call: Call | undefined): call is Call & { readonly receiver: ASTNode } {
  return call?.receiver !== undefined && call.values.length >= 2 && LOOPS.has(call.name);
}
