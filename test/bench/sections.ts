export interface Section {
  readonly name: string;
  /** Of its heading on the page. */
  readonly title: string;
}

/**
 * The page with the new texts of some sections; those that were not measured stay as they are, and those that never were are left out.
 *
 * @param page as it is now: a head, and sections under headings of the second level
 * @param texts by the names of sections
 */
export function replaceSections(
  page: string,
  head: string,
  sections: readonly Section[],
  texts: ReadonlyMap<string, string>,
): string {
  const known = new Map(page.split(/^## /m).slice(1).map(splitHeading));
  const parts = sections.flatMap(({ name, title }) => {
    const text = texts.get(name) ?? known.get(title);
    return text === undefined ? [] : [`## ${title}\n\n${text.trim()}`];
  });
  return `${[head, ...parts].join('\n\n')}\n`;
}

function splitHeading(section: string): [title: string, text: string] {
  const end = section.indexOf('\n');
  return end < 0 ? [section, ''] : [section.slice(0, end), section.slice(end)];
}
