import type { TextRange } from '#core/text/range.ts';

/** A text whose template actions (`{{ ... }}`) are masked so that YAML can be read around them; offsets stay the same. */
export interface MaskedText {
  readonly text: string;
  readonly actions: readonly TextRange[];
}

const ACTION = /\{\{[\s\S]*?\}\}/g;

/** Whether a text holds actions of a template language with double braces, as Helm charts do. */
export function hasTemplateActions(text: string): boolean {
  const open = text.indexOf('{{');
  return open >= 0 && text.includes('}}', open);
}

/**
 * Replaces every action by text of the same length: blanks where it fills its lines alone, a placeholder word where it is part of a value.
 * Line breaks inside an action stay, so that lines and columns do not move.
 */
export function maskTemplate(text: string): MaskedText {
  const actions: TextRange[] = [];
  const masked = text.replaceAll(ACTION, (action: string, offset: number) => {
    const range = { start: offset, end: offset + action.length };
    actions.push(range);
    const filler = standsAlone(text, range) ? ' ' : 'T';
    return action.replaceAll(/[^\r\n]/g, filler);
  });
  return { text: masked, actions };
}

function standsAlone(text: string, range: TextRange): boolean {
  const lineStart = Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1;
  const after = /^[^\r\n]*/.exec(text.slice(range.end))?.[0] ?? '';
  const around = text.slice(lineStart, range.start) + after;
  return around.replaceAll(ACTION, '').trim() === '';
}
