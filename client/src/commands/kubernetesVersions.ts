/** How many minors are offered; clusters older than that are rare, and any other version can be typed into the settings. */
const OFFERED_MINORS = 12;

export interface VersionChoice {
  readonly label: string;
  readonly description: string;
  /** Value of the setting; empty for the newest known version. */
  readonly value: string;
}

/**
 * The versions to choose from, newest first, the one in use marked.
 *
 * @param newest the newest known minor, such as `1.34`
 * @param current the setting as it is, possibly empty
 */
export function listVersionChoices(newest: string, current: string): readonly VersionChoice[] {
  const [major = '1', minor = '0'] = newest.split('.');
  const count = Math.min(OFFERED_MINORS, Number(minor) + 1);
  const minors = Array.from({ length: count }, (_, index) => `${major}.${Number(minor) - index}`);
  const values = current === '' || minors.includes(current) ? minors : [current, ...minors];
  return ['', ...values].map((value) => ({
    label: value === '' ? 'Newest known' : value,
    description: [value === '' ? newest : '', value === current ? 'in use' : '']
      .filter((part) => part !== '')
      .join(', '),
    value,
  }));
}
