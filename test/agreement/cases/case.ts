/** Stands for a field that is taken out. */
export const GONE = Symbol('gone');

export type Edit = readonly [path: string, value: unknown];

/** One manifest: a base and what is changed in it. */
export interface Case {
  /** The entry of the catalogue it is about; `NEUTRAL` for changes that change nothing. */
  readonly id: string;
  /** Name of a file in `bases`, without its ending. */
  readonly base: string;
  readonly edits: readonly Edit[];
}

/** Unique and stable: what is changed, in one line. */
export function nameOf({ id, base, edits }: Case): string {
  const changes = edits.map(([path, value]) => `${path} ${value === GONE ? 'gone' : JSON.stringify(value)}`);
  return `${id} ${base}: ${changes.join(', ')}`;
}

/** Cases of one entry and base, one for each change. */
export function casesOf(id: string, base: string, ...changes: readonly (Edit | readonly Edit[])[]): readonly Case[] {
  return changes.map((change) => ({ id, base, edits: isEdit(change) ? [change] : change }));
}

function isEdit(change: Edit | readonly Edit[]): change is Edit {
  return typeof change[0] === 'string';
}

export const S = 'statefulset';
/** The pod of the StatefulSet, and its first container. */
export const P = 'spec.template.spec';
export const C = `${P}.containers[0]`;
