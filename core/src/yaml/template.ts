import type { TextRange } from '#core/text/range.ts';

/** A text whose template actions (`{{ ... }}`) are masked so that YAML can be read around them; offsets stay the same. */
export interface MaskedText {
  readonly text: string;
  readonly actions: readonly TextRange[];
}

export interface MaskOptions {
  /** Offset of somebody who reads there: of an `if` around it, the branch with this place is kept. */
  readonly reader?: number;
}

/** An action from its braces to their ends; braces inside its strings and comments are text. */
const ACTION = /\{\{(?:\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|`[^`]*`|[\s\S])*?\}\}/g;

/** Actions that only steer, and those that bring their own line break: what they leave on their line is nothing. */
const STEERING = /^\{\{-?\s*(?:if|else|end|range|with|block|define)\b|\bnindent\b/;

/** Whether a text holds actions of a template language with double braces, as Helm charts do. */
export function hasTemplateActions(text: string): boolean {
  const open = text.indexOf('{{');
  return open >= 0 && text.includes('}}', open);
}

/**
 * Replaces every action by text of the same length: blanks where it fills its lines alone or only steers, a placeholder word
 * where it is part of a value.
 * A named template (`define` to its `end`) is no part of the document it stands in, so all of it becomes blanks; so do all branches
 * of an `if` but one, because they are never rendered together.
 * Line breaks stay, so that lines and columns do not move.
 */
export function maskTemplate(text: string, { reader }: MaskOptions = {}): MaskedText {
  const actions: TextRange[] = [];
  const masked = text.replaceAll(ACTION, (action: string, offset: number) => {
    const range = { start: offset, end: offset + action.length };
    actions.push(range);
    return fill(action, STEERING.test(action) || standsAlone(text, range) ? ' ' : 'T');
  });
  const blocks = findBlocks(text, actions);
  const definitions = blocks.filter(({ word }) => word === 'define');
  const hidden = [...definitions, ...blocks.flatMap(({ branches }) => unreadBranches(branches, reader))];
  const outside = actions.filter(({ start }) => !hidden.some((range) => range.start <= start && start < range.end));
  return { text: blankOut(masked, hidden), actions: [...outside, ...hidden] };
}

/** Of branches that exclude each other one is read: that of the reader, otherwise the first. */
function unreadBranches(branches: readonly TextRange[], reader: number | undefined): readonly TextRange[] {
  const own = branches.find(({ start, end }) => reader !== undefined && start <= reader && reader <= end);
  return branches.filter((branch) => branch !== (own ?? branches[0]));
}

function fill(text: string, filler: string): string {
  return text.replaceAll(/[^\r\n]/g, filler);
}

function blankOut(text: string, ranges: readonly TextRange[]): string {
  return ranges.reduce(
    (rest, { start, end }) => rest.slice(0, start) + fill(rest.slice(start, end), ' ') + rest.slice(end),
    text,
  );
}

/** An action that opens a block, with the pieces of text its `else` actions part, up to its `end`. */
interface TemplateBlock {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly branches: readonly TextRange[];
}

/** All blocks of a text, the inner ones first. A block without its end goes on to the end of the text. */
function findBlocks(text: string, actions: readonly TextRange[]): readonly TemplateBlock[] {
  const found: TemplateBlock[] = [];
  const open: { word: string; start: number; from: number; branches: TextRange[] }[] = [];
  const close = (branchEnd: number, end: number): void => {
    const block = open.pop();
    if (!block) return;
    const { word, start, from, branches } = block;
    found.push({ word, start, end, branches: [...branches, { start: from, end: branchEnd }] });
  };
  for (const { start, end } of actions) {
    const word = /^\{\{-?\s*(\w+)/.exec(text.slice(start, end))?.[1] ?? '';
    const innermost = open.at(-1);
    if (OPENING.has(word)) open.push({ word, start, from: end, branches: [] });
    else if (word === 'end') close(start, end);
    else if (word === 'else' && innermost) {
      innermost.branches.push({ start: innermost.from, end: start });
      innermost.from = end;
    }
  }
  while (open.length > 0) close(text.length, text.length);
  return found;
}

/** Words of Go templates that an `end` closes. */
const OPENING: ReadonlySet<string> = new Set(['if', 'range', 'with', 'block', 'define']);

function standsAlone(text: string, range: TextRange): boolean {
  const lineStart = Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1;
  const after = /^[^\r\n]*/.exec(text.slice(range.end))?.[0] ?? '';
  const around = text.slice(lineStart, range.start) + after;
  return around.replaceAll(ACTION, '').trim() === '';
}
