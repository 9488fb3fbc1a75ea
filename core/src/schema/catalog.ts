import { formatGvk, type GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import { SettingCatalogues } from '#core/schema/settingCatalogues.ts';

/** Where a schema comes from; earlier names win over later ones for the same kind and version. */
export type SchemaOrigin = 'workspace' | 'cluster' | 'bundled';

/** One kind in one version, as one source describes it. */
export interface KindSchema extends GroupVersionKind {
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly origin: SchemaOrigin;
  /** For people: `Strimzi 1.2.0`, `Kubernetes 1.34`, or the path of a CRD file. */
  readonly sourceName: string;
  /** Page that documents the kind, when one is known. */
  readonly documentation?: string;
  /** Why and by what the version is replaced, when it is deprecated. */
  readonly deprecation?: string;
  /** Minor versions of Kubernetes that serve a built-in kind; absent for custom resources. */
  readonly since?: string;
  /** The root node; loads what it needs on the first call. */
  root(): SchemaNode;
  /** The built-in type of a name such as `core/v1.Container`, for what a custom resource leaves unsaid; absent where no built-in types are at hand. */
  wellKnownType?(name: string): SchemaNode | undefined;
}

/** A set of kinds from one source. */
export interface KindSource {
  readonly kinds: readonly KindSchema[];
  /** The settings of the systems, in the source that comes with the product. */
  readonly settings?: SettingCatalogues;
}

const NO_SETTINGS = new SettingCatalogues({});

/** Kinds of all sources, the first source that knows a kind and version wins. */
export class SchemaCatalog {
  /** Empty when no source has any. */
  readonly settings: SettingCatalogues;
  readonly #byGvk = new Map<string, KindSchema>();
  readonly #byGroupKind = new Map<string, KindSchema[]>();

  constructor(sources: readonly KindSource[]) {
    this.settings = sources.find(({ settings }) => settings)?.settings ?? NO_SETTINGS;
    for (const source of sources) for (const kind of source.kinds) this.#add(kind);
  }

  find(gvk: GroupVersionKind): KindSchema | undefined {
    return this.#byGvk.get(formatGvk(gvk));
  }

  /** Every known version of a kind, newest source first. */
  versionsOf(group: string, kind: string): readonly KindSchema[] {
    return this.#byGroupKind.get(`${group}/${kind}`) ?? [];
  }

  /** A built-in type by name (`core/v1.Container`), wherever a source has it. */
  wellKnownType(name: string): SchemaNode | undefined {
    for (const kind of this.#byGvk.values()) if (kind.wellKnownType) return kind.wellKnownType(name);
    return undefined;
  }

  /** All kinds, in the order of the sources. */
  all(): readonly KindSchema[] {
    return [...this.#byGvk.values()];
  }

  #add(kind: KindSchema): void {
    const key = formatGvk(kind);
    if (this.#byGvk.has(key)) return;
    this.#byGvk.set(key, kind);
    const groupKind = `${kind.group}/${kind.kind}`;
    const versions = this.#byGroupKind.get(groupKind);
    if (versions) versions.push(kind);
    else this.#byGroupKind.set(groupKind, [kind]);
  }
}
