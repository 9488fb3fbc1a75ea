import type { LinePosition } from '#core/text/lines.ts';
import type { TextRange } from '#core/text/range.ts';

/** Something that has a name. Volumes, ports and containers are known in their pod only. */
export type SymbolKind = 'object' | 'key' | 'volume' | 'port' | 'container';

/** Where a word stands, relative to its document. */
export interface FactPlace {
  readonly range: TextRange;
  readonly lines: { readonly start: LinePosition; readonly end: LinePosition };
}

/** A name, where it is given to something or where something is called by it. */
export interface Occurrence extends FactPlace {
  readonly symbol: SymbolKind;
  readonly role: 'definition' | 'reference';
  readonly name: string;
  /** Kind of the object that is meant, or whose key is meant: `ConfigMap`. Empty for names inside a pod. */
  readonly target: string;
  /** For a key: the object that has it. For names inside a pod: the path of the pod. */
  readonly owner: string;
  /** Of the object that is meant, where it is written. */
  readonly namespace: string | undefined;
  /** The pod starts without it as well. */
  readonly isOptional: boolean;
  /** Whether pods wait for it before they start. */
  readonly isNeededToStart: boolean;
  /** As the server prints it; empty for a name that stands inside a longer text. */
  readonly path: string;
  /** Whether the text of the place is the name, without escapes or line breaks. */
  readonly isVerbatim: boolean;
}

export interface LabelEntry {
  readonly key: string;
  readonly value: string;
  readonly keyPlace: FactPlace;
  readonly valuePlace: FactPlace;
  readonly isVerbatim: boolean;
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** The labels of pods, or a selector of them. */
export interface LabelSet extends FactPlace {
  readonly path: string;
  readonly role: 'pods' | 'selector';
  /** `governing`: of the workload whose pods they are, or of a Service or budget; `placement`: where the pods of others matter. */
  readonly use: 'governing' | 'placement';
  readonly entries: readonly LabelEntry[];
  readonly expressions: readonly LabelRequirement[];
  /** Whether every entry could be read. */
  readonly isWhole: boolean;
}

/** What other documents may want to know of one object, without its tree. Values of Secrets are never among it. */
export interface ObjectFacts {
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The value of `metadata.name`. */
  readonly namePlace: FactPlace;
  /** Path of the object in its document: empty, or `items[0]` in a List. */
  readonly prefix: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly annotations: readonly string[];
  /** Labels of the pods a workload makes. */
  readonly templateLabels: readonly (readonly [string, string])[];
  /** Keys of a ConfigMap or Secret. */
  readonly dataKeys: readonly string[];
  /** Whether those are all there are, as far as this document tells. */
  readonly hasAllKeys: boolean;
  readonly portNames: readonly string[];
  /** Whether it runs pods. */
  readonly hasPods: boolean;
  readonly labelSets: readonly LabelSet[];
  readonly occurrences: readonly Occurrence[];
  /** A few plain values, by their path: those that rules about other objects compare with. */
  readonly values: Readonly<Record<string, string>>;
}

/** What one document tells. */
export interface DocumentFacts {
  readonly objects: readonly ObjectFacts[];
  /** Kinds of objects whose name or content cannot be read here; empty text where not even the kind can. */
  readonly unread: readonly string[];
}
