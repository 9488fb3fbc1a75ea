/** Types as the programs themselves name them. */
export type FactType =
  | 'boolean'
  | 'string'
  | 'password'
  | 'class'
  | 'list'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'number'
  | 'duration'
  | 'size'
  | 'rate'
  | 'object';

/** What may differ between releases. */
export interface ChangingFacts {
  readonly type: FactType;
  readonly default?: string | null;
  readonly values?: readonly string[] | null;
  readonly min?: number | null;
  readonly max?: number | null;
  /** The value is more than this, not equal. */
  readonly above?: number | null;
  /** Smallest unit a duration or size is taken in. */
  readonly smallest?: string | null;
  /** Another type whose values are still read. */
  readonly also?: string | null;
}

/** One setting as the releases of a system declare it; the facts are those of the newest release that knows it. */
export interface SettingFacts extends ChangingFacts {
  /** The case of the values does not count. */
  readonly anyCase?: boolean;
  readonly importance?: 'high' | 'medium' | 'low';
  readonly mode?: 'read-only' | 'per-broker' | 'cluster-wide';
  readonly since?: string;
  readonly removedIn?: string;
  /** The name is still read, but another is the name now. */
  readonly renamedIn?: string;
  readonly deprecatedIn?: string;
  readonly deprecated?: boolean;
  readonly replacedBy?: string;
  /** What a number needs behind it under the new name; empty when the value stays as it is. */
  readonly unit?: string;
  /** Known to the program and meant for nobody else. */
  readonly internal?: boolean;
  /** What was different up to a release, oldest first; null where there was no such fact. */
  readonly before?: readonly ({ readonly until: string } & Partial<ChangingFacts>)[];
}

interface SystemCatalogue {
  readonly versions: readonly string[];
  readonly tables: Readonly<Record<string, Readonly<Record<string, SettingFacts>>>>;
}

/** Every setting of the systems, by the table of the program it belongs to. A system's file is parsed when it is first asked for. */
export class SettingCatalogues {
  readonly #texts: Readonly<Record<string, string>>;
  readonly #systems = new Map<string, SystemCatalogue>();
  readonly #tables = new Map<string, ReadonlyMap<string, SettingFacts>>();

  /** @param texts content of the files in `schemas/catalogues`, by system */
  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = texts;
  }

  table(system: string, table: string): ReadonlyMap<string, SettingFacts> {
    const key = `${system}/${table}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const made = new Map(Object.entries(this.#read(system)?.tables[table] ?? {}));
    this.#tables.set(key, made);
    return made;
  }

  /** Minor versions the catalogue was made of, oldest first. */
  versions(system: string): readonly string[] {
    return this.#read(system)?.versions ?? [];
  }

  #read(system: string): SystemCatalogue | undefined {
    const known = this.#systems.get(system);
    const text = this.#texts[system];
    if (known || text === undefined) return known;
    // The catalogues are made and checked by our own build, so their content needs no second look.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const parsed = JSON.parse(text) as SystemCatalogue;
    this.#systems.set(system, parsed);
    return parsed;
  }
}
