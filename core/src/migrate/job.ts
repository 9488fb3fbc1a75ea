import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import {
  leaf,
  mapOf,
  putAt,
  textOf,
  toSteps,
  treeAt,
  type Entry,
  type MapTree,
  type Tree,
} from '#core/migrate/tree.ts';
import type { SchemaCatalog } from '#core/schema/catalog.ts';

/** What a manifest can be migrated to: the operator that takes it over. */
export const MIGRATION_TARGETS = [
  'strimzi',
  'cass-operator',
  'k8ssandra',
  'spark-operator',
  'training-operator',
  'trainer',
  'kubernetes',
] as const;
export type MigrationTarget = (typeof MIGRATION_TARGETS)[number];

/** What has no place in the new manifest, and why, as the end of a sentence. */
export interface Loss {
  readonly path: string;
  readonly why: string;
}

/** A document that is being written. */
export interface Draft {
  readonly tree: MapTree;
  readonly lost: Loss[];
}

export interface JobParts {
  readonly source: MapTree;
  readonly catalog: SchemaCatalog;
  /** Name of the Kafka cluster for topics that say none. */
  readonly cluster: string | undefined;
}

/** One manifest on its way: what was read, and what is written for it. */
export class MigrationJob {
  readonly source: MapTree;
  readonly catalog: SchemaCatalog;
  readonly cluster: string | undefined;
  readonly drafts: Draft[] = [];
  /** What a person has to do, in whole sentences. */
  readonly steps: string[] = [];
  #refusal: string | undefined;

  constructor({ source, catalog, cluster }: JobParts) {
    this.source = source;
    this.catalog = catalog;
    this.cluster = cluster;
  }

  get name(): string {
    return this.text('metadata.name') ?? '';
  }

  /** Why the manifest is left as it is. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  refuse(reason: string): void {
    this.#refusal ??= reason;
  }

  step(text: string): void {
    if (!this.steps.includes(text)) this.steps.push(text);
  }

  value(path: string): Tree | undefined {
    return treeAt(this.source, toSteps(path));
  }

  text(path: string): string | undefined {
    return textOf(this.value(path));
  }

  /** A new document, in the namespace of the old one. */
  begin({ group, version, kind }: GroupVersionKind, name: string): Draft {
    const namespace = this.text('metadata.namespace');
    const metadata = mapOf({ name: leaf(name), ...(namespace === undefined ? {} : { namespace: leaf(namespace) }) });
    const apiVersion = leaf(`${group}/${version}`);
    return this.add(mapOf({ apiVersion, kind: leaf(kind), metadata }));
  }

  add(tree: MapTree): Draft {
    const draft: Draft = { tree, lost: [] };
    this.drafts.push(draft);
    return draft;
  }
}

/** Puts a value into a draft at a path such as `spec.kafka.config`. */
export function put({ tree }: Draft, path: string, value: Tree | undefined, from?: Entry): void {
  putAt(tree, toSteps(path), value, from);
}

/** Says that something has no place, and why. */
export function lose({ lost }: Pick<Draft, 'lost'>, path: string, why: string): void {
  lost.push({ path, why });
}
