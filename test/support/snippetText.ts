/** How the places of a snippet are filled when it is expanded: choices take the first or the last of theirs. */
export interface Expansion {
  readonly choice: 'first' | 'last';
}

/**
 * What an editor inserts for a snippet when the user only tabs through it: placeholders keep their text, which may name other
 * places, a place that repeats a number repeats its text, and the last position disappears.
 *
 * @param body snippet syntax of LSP, without variables
 */
export function expandSnippet(body: string, { choice }: Expansion): string {
  const places = new Map<string, string>();
  for (const [, bare, number = bare ?? '', list, text] of body.matchAll(PLACE)) {
    if (list !== undefined) places.set(number, list.split(/(?<!\\),/).at(choice === 'first' ? 0 : -1) ?? '');
    else if (text !== undefined && !places.has(number)) places.set(number, text);
  }
  return fill(body, places).replaceAll(/\\([\\$},|])/g, '$1');
}

/** `$1`, `${1}`, `${1:text}` and `${1|a,b|}`, unless the dollar is escaped. */
const PLACE = /(?<!\\)\$(?:(\d+)|\{(\d+)(?:\|((?:\\.|[^|\\])*)\||:((?:\\.|[^}\\])*))?\})/g;

/** Texts of places may name places of smaller numbers, so this ends. */
function fill(text: string, places: ReadonlyMap<string, string>): string {
  return text.replaceAll(PLACE, (_match, bare?: string, number?: string) =>
    fill(places.get(bare ?? number ?? '') ?? '', places),
  );
}
