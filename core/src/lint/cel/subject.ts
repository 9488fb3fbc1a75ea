import type { ASTNode } from '@marcbachmann/cel-js';
import { partsOf } from '#core/lint/cel/syntax.ts';

/** The one place below `self` that an expression speaks of; undefined when it speaks of several, or of `self` itself. */
export function subjectOf(expression: ASTNode): readonly string[] | undefined {
  const places = new Map(placesIn(expression).map((steps) => [steps.join('.'), steps]));
  const [place, ...others] = places.values();
  return others.length === 0 && place && place.length > 0 ? place : undefined;
}

function placesIn(node: ASTNode): readonly (readonly string[])[] {
  const own = placeOf(node);
  return own ? [own] : partsOf(node).flatMap(placesIn);
}

function placeOf(node: ASTNode): readonly string[] | undefined {
  if (node.op === 'id') return node.args === 'self' ? [] : undefined;
  if (node.op !== '.' && node.op !== '.?') return undefined;
  const holder = placeOf(node.args[0]);
  return holder && [...holder, node.args[1]];
}
