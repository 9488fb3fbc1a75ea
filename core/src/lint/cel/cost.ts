import type { ASTNode } from '@marcbachmann/cel-js';
import { callOf, everythingIn, isLoop, partsOf } from '#core/lint/cel/syntax.ts';
import type { ValueSize } from '#core/lint/cel/values.ts';

/** What of a condition decides how long it takes. */
export interface ConditionShape {
  readonly nodes: number;
  /** How deep loops stand in each other. */
  readonly loops: number;
  /** Longest list that is written in the condition. */
  readonly items: number;
  /** Additions, each of which can make a list as long as both of its sides. */
  readonly additions: number;
  /** Names given to values, by which additions can double and double again. */
  readonly bindings: number;
  /** Whether lists are searched or compared as a whole. */
  readonly searches: boolean;
  /** Whether texts are cut into lists. */
  readonly cutsText: boolean;
}

export function shapeOf(expression: ASTNode): ConditionShape {
  const all = everythingIn(expression);
  const calls = all.map((node) => callOf(node)?.name);
  return {
    nodes: all.length,
    loops: loopDepth(expression),
    items: Math.max(1, ...all.map((node) => (node.op === 'list' || node.op === 'map' ? node.args.length : 0))),
    additions: all.filter(({ op }) => op === '+').length,
    bindings: calls.filter((name) => name === 'bind').length,
    searches: all.some(({ op }) => /^(?:in|==|!=)$/.test(op)) || calls.some((name) => SEARCHES.has(name ?? '')),
    cutsText: calls.some((name) => name === 'split' || name === 'findAll'),
  };
}

const SEARCHES: ReadonlySet<string> = new Set(
  'indexOf lastIndexOf isSorted sum min max join distinct flatten sort reverse slice contains equivalent intersects'.split(
    ' ',
  ),
);

function loopDepth(node: ASTNode): number {
  return Math.max(0, ...partsOf(node).map(loopDepth)) + (isLoop(callOf(node)) ? 1 : 0);
}

const BINDING_LIMIT = 2;
const TEXT_UNIT = 256;
const ITEM_UNIT = 16;

/** Steps that an evaluation takes at most; Infinity for one that is not worth guessing. */
export function costOf(shape: ConditionShape, size: ValueSize): number {
  if (shape.bindings > BINDING_LIMIT) return Infinity;
  const longest = Math.max(size.items, shape.items, shape.cutsText ? size.text : 0);
  const grown = longest * (1 + shape.additions) ** (1 + shape.bindings);
  const each = (1 + size.text / TEXT_UNIT) * (shape.searches ? 1 + grown / ITEM_UNIT : 1);
  return shape.nodes * each * (1 + grown) ** shape.loops;
}
