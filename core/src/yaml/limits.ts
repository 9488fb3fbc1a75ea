/** Longest document that is analysed, in UTF-16 units. etcd refuses objects above 1.5 MiB, so nothing real is longer. */
export const DOCUMENT_LENGTH_LIMIT = 4 * 1024 * 1024;

/** Longest file that is analysed, in UTF-16 units. */
export const FILE_LENGTH_LIMIT = 16 * 1024 * 1024;

/** Deepest nesting that is analysed. The deepest field of any known kind stands below 40 levels. */
export const NESTING_LIMIT = 100;

/** Most nodes a document may have once its aliases are followed. */
export const EXPANSION_LIMIT = 200_000;

/** Whether brackets or indentation nest deeper than the limit; a cheap look before any recursive reading. */
export function nestsTooDeep(text: string): boolean {
  return bracketDepth(text) > NESTING_LIMIT || indentDepth(text) > NESTING_LIMIT;
}

function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 123 || code === 91) deepest = Math.max(deepest, ++depth);
    else if ((code === 125 || code === 93) && depth > 0) depth--;
  }
  return deepest;
}

/** Counts open indentation levels; every dash of `- - - x` is a level of its own. */
function indentDepth(text: string): number {
  const open: number[] = [];
  let deepest = 0;
  for (const match of text.matchAll(/^( *)((?:- +)*)(?=[^\s#])/gm)) {
    const indent = match[1]?.length ?? 0;
    while ((open.at(-1) ?? -1) >= indent) open.pop();
    open.push(indent);
    deepest = Math.max(deepest, open.length + (match[2]?.split('-').length ?? 1) - 1);
  }
  return deepest;
}
