import { compareMinors } from '#core/kubernetes/versions.ts';
import { NodeView, type ViewSource } from '#core/lint/rules/view.ts';
import type { PlaceLink } from '#core/lint/structure/context.ts';
import type { KindSchema, SchemaCatalog } from '#core/schema/catalog.ts';
import { SettingCatalogues } from '#core/schema/settingCatalogues.ts';
import type { YamlNode } from '#core/yaml/nodes.ts';

/** One object of a document, for rules. */
export interface ObjectView {
  readonly kind: KindSchema;
  /** Group and kind: `apps/StatefulSet`, `/Service`. */
  readonly groupKind: string;
  /** Whether a schema describes this version; otherwise `kind` is that of another version, and only rules for any version run. */
  readonly isVersionKnown: boolean;
  readonly root: NodeView;
  readonly metadata: NodeView;
  readonly spec: NodeView;
  /** Text of the document, for fixes. */
  readonly text: string;
  /** Every kind there is, for fixes that write objects of others. */
  readonly catalog: SchemaCatalog | undefined;
  /** Every setting of the systems that releases declare. */
  readonly settings: SettingCatalogues;
  /** Kubernetes minor the findings are for. */
  readonly kubernetesVersion: string;
  /** Whether that Kubernetes is of this minor or a later one. */
  isAtLeast(minor: string): boolean;
}

export interface ObjectParts {
  readonly kind: KindSchema;
  readonly isVersionKnown?: boolean;
  readonly node: YamlNode | undefined;
  /** Where the object stands in its document, when it is an item of a List. */
  readonly link: PlaceLink | undefined;
  readonly text: string;
  readonly catalog?: SchemaCatalog | undefined;
  readonly kubernetesVersion: string;
  readonly source: ViewSource;
}

const NO_SETTINGS = new SettingCatalogues({});

export function viewObject(parts: ObjectParts): ObjectView {
  const { kind, isVersionKnown = true, node, link, text, catalog, kubernetesVersion, source } = parts;
  const root = new NodeView(node, source, { parent: undefined, link, entry: undefined, schema: kind.root() });
  return {
    kind,
    groupKind: `${kind.group}/${kind.kind}`,
    isVersionKnown,
    root,
    metadata: root.field('metadata'),
    spec: root.field('spec'),
    text,
    catalog,
    settings: catalog?.settings ?? NO_SETTINGS,
    kubernetesVersion,
    isAtLeast: (minor) => compareMinors(kubernetesVersion, minor) >= 0,
  };
}
