import type { Finding } from '#core/lint/finding.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';
import type { TextRange } from '#core/text/range.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { MapEntry, YamlNode, YamlPath } from '#core/yaml/nodes.ts';

/** A step from the root of a document to a place in it, linked upwards so that walking costs nothing until a path is printed. */
export interface PlaceLink {
  readonly parent: PlaceLink | undefined;
  readonly step: string | number;
}

export function toPath(link: PlaceLink | undefined): YamlPath {
  const steps: (string | number)[] = [];
  for (let at = link; at; at = at.parent) steps.push(at.step);
  return steps.toReversed();
}

/** Whose decoder reads the object: Go structs for built-in kinds, the structural schema for custom resources. */
export type DecoderKind = 'builtIn' | 'custom';

/** What a check of one document needs to know beside node and schema. */
export interface StructureContext {
  /** The document's text, for fixes. */
  readonly text: string;
  /** Every kind there is; absent where a part is checked by itself. */
  readonly catalog?: SchemaCatalog;
  readonly decoder: DecoderKind;
  /** Kubernetes minor the findings are for, `1.34`. */
  readonly kubernetesVersion: string;
  /** Patches, fragments and templates are never asked for what they leave out. */
  readonly completeness: 'whole' | 'partial';
  /** Whether a template action stands in the range; nothing is said about such places. */
  readonly isTemplated: (range: TextRange) => boolean;
  readonly report: (finding: Finding) => void;
  /** Told of every value whose schema has conditions of its own (`x-kubernetes-validations`) and whose type fits. */
  readonly meetConditions?: ((node: YamlNode, schema: SchemaNode, holder: Holder) => void) | undefined;
}

/** Where a value hangs: its path and the entry that holds it, when it is the value of a key. */
export interface Holder {
  readonly place: PlaceLink | undefined;
  readonly entry: MapEntry | undefined;
  /** Range to underline when the value itself is absent. */
  readonly anchor: TextRange;
}
