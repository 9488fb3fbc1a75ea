import { listNames } from '#core/lint/structure/describe.ts';

/** Which names there are to choose from, as a sentence. */
export function tellNames(names: readonly string[]): string {
  if (names.length === 0) return 'There are none.';
  return `${names.length === 1 ? 'There is' : 'There are'} ${listNames(names, 'and')}.`;
}
