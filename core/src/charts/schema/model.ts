import type { YamlPath } from '#core/yaml/nodes.ts';

/** The drafts of JSON Schema that Helm 3.22 reads; without `$schema` it takes the last (santhosh-tekuri/jsonschema v6). */
export type SchemaDraft = 4 | 6 | 7 | 2019 | 2020;

/** One way in which a value does not fit its schema. */
export interface SchemaProblem {
  /** Where the value is, from the root of the values. */
  readonly path: YamlPath;
  readonly keyword: string;
  /** What stands there and what the schema wants, in whole sentences. */
  readonly message: string;
  /** The key that is missing, or that is not known. */
  readonly key?: string;
}

/** Whether a text has a part that fits a regular expression of Go; undefined when that cannot be told. */
export type MatchPattern = (text: string, pattern: string) => boolean | undefined;

/** What is being done, for every keyword. */
export interface SchemaRun {
  readonly root: unknown;
  readonly draft: SchemaDraft;
  readonly matches: MatchPattern;
  /** Steps that may still be taken, so that no schema makes us hang. */
  steps: number;
}

/** What a schema says of a value, and which parts of the value it has looked at (for `unevaluatedProperties`). */
export interface SchemaOutcome {
  readonly problems: SchemaProblem[];
  readonly properties: Set<string>;
  /** Items from the first that have been looked at. */
  items: number;
}

/** A value with the schema it is checked by. */
export interface SchemaCheck {
  readonly run: SchemaRun;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly path: YamlPath;
  readonly depth: number;
  readonly outcome: SchemaOutcome;
  /** Checks a value by another schema. What it has looked at counts when it is the same value and nothing is wrong with it. */
  readonly apply: (schema: unknown, value: unknown, path: YamlPath) => SchemaOutcome;
}

/** The schema needs something that cannot be told here: a document of the network, a regular expression, too many steps. */
export class SchemaAbstention extends Error {
  override readonly name = 'SchemaAbstention';
}
