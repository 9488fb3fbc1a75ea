import type { Holder } from '#core/lint/structure/context.ts';
import type { CelRule, SchemaNode } from '#core/schema/node.ts';
import type { TextRange } from '#core/text/range.ts';
import type { YamlNode } from '#core/yaml/nodes.ts';

/** A value whose schema has conditions (`x-kubernetes-validations`). */
export interface ConditionSite {
  readonly node: YamlNode;
  readonly schema: SchemaNode;
  readonly holder: Holder;
}

/** A condition that does not hold at a value. */
export interface ConditionFailure {
  readonly site: ConditionSite;
  readonly rule: CelRule;
  /** What the rule says of it, as plain text; absent when it says nothing. */
  readonly message: string | undefined;
  /** Why the condition cannot be computed, which the server counts as not met. */
  readonly problem: string | undefined;
  /** Steps below the site to the one value that the condition is about; absent when it is about several. */
  readonly subject: readonly string[] | undefined;
}

/** Whether a template action stands in the range: nothing is known about such places. */
export type IsTemplated = (range: TextRange) => boolean;

/**
 * What evaluates conditions. It is large and few documents need it, so it is loaded when the first one does
 * (`core/src/lint/cel/library.ts`, a file of its own in the bundle).
 */
export interface ConditionLibrary {
  /** The conditions that certainly do not hold. What cannot be told is left out. */
  findFailures(sites: readonly ConditionSite[], isTemplated: IsTemplated): readonly ConditionFailure[];
  /** Why a condition is never checked here; undefined when it is. */
  explainUnchecked(rule: CelRule, schema: SchemaNode): string | undefined;
  /** Whether a part of a text fits a regular expression of Go; undefined when that cannot be told. */
  matchesPattern(text: string, pattern: string): boolean | undefined;
}

export type LoadConditions = () => ConditionLibrary;
