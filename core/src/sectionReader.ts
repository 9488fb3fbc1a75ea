/** Looks values up by key and collects complaints. */
export class SectionReader {
  readonly problems: string[] = [];
  readonly #section: Readonly<Record<string, unknown>>;

  constructor(section: unknown) {
    this.#section = isRecord(section) ? section : {};
  }

  /** The value of `a.b`, written so or nested; null means unset. */
  value(key: string): unknown {
    const flat = this.#section[key];
    if (flat !== undefined && flat !== null) return flat;
    let current: unknown = this.#section;
    for (const step of key.split('.')) current = isRecord(current) ? current[step] : undefined;
    return current ?? undefined;
  }

  strings(key: string): readonly string[] {
    return this.textsOf(key, this.value(key));
  }

  /** The texts of a value that was found elsewhere, such as at another level of settings. */
  textsOf(key: string, value: unknown): readonly string[] {
    if (value === undefined) return [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [undefined];
    const texts = list.filter((item) => typeof item === 'string');
    if (texts.length < list.length) this.refuse(key, 'a list of texts');
    return texts;
  }

  /** Lists of texts by name. */
  lists(key: string): Readonly<Record<string, readonly string[]>> {
    const value = this.value(key);
    if (value === undefined) return {};
    const entries = isRecord(value) ? Object.entries(value) : [['', undefined] as const];
    const lists = entries.flatMap(([name, list]) => (isTextList(list) ? [[name, list] as const] : []));
    if (lists.length < entries.length) this.refuse(key, 'an object of lists of texts');
    return Object.fromEntries(lists);
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.value(key);
    if (typeof value === 'boolean') return value;
    if (value !== undefined) this.refuse(key, 'true or false');
    return fallback;
  }

  refuse(key: string, expected: string): void {
    this.problems.push(`The setting dataClusters.${key} must be ${expected}; the default is used instead.`);
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
