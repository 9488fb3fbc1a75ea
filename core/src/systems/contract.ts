import type { GroupVersionKind } from '#core/kubernetes/identity.ts';
import type { Rule } from '#core/lint/rules/rule.ts';
import type { LiveSystem } from '#core/live/model.ts';
import type { SystemPreview } from '#core/preview/model.ts';
import type { SettingFacts } from '#core/schema/settingCatalogues.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';

export type SystemId = 'cassandra' | 'kafka' | 'spark' | 'tfjob';

/** What an object is to its data cluster. */
export type MemberRole =
  | 'cluster'
  | 'pool'
  | 'controller'
  | 'topic'
  | 'user'
  | 'connect'
  | 'job'
  | 'schedule'
  | 'runtime'
  | 'task'
  | 'backup'
  | 'companion'
  | 'configuration';

/** One kind that belongs to a system. Several groups may use the same kind name, so the group always counts. */
export interface SystemKind {
  readonly group: string;
  readonly kind: string;
  readonly role: MemberRole;
  /** Who runs it: `strimzi`, `cass-operator`, `kubeflow-training-operator`. */
  readonly flavour: string;
  /** The project has ended or the API version is gone; a word on what took its place. */
  readonly successor?: string;
}

/** A container as far as recognition needs it. */
export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  /** Command and arguments, joined by blanks. */
  readonly command: string;
  readonly variables: readonly string[];
  readonly ports: readonly number[];
  readonly mountPaths: readonly string[];
}

/** What a manifest tells about itself, whatever its kind. */
export interface DocumentFacts extends GroupVersionKind {
  readonly name: string;
  /** Labels of the object and of its pod template. */
  readonly labels: ReadonlyMap<string, string>;
  /** Containers of the pod or pod template, without init containers. */
  readonly containers: readonly ContainerFacts[];
  /** Keys of `data` of a ConfigMap. */
  readonly dataKeys: readonly string[];
}

export interface Recognition {
  readonly system: SystemId;
  readonly flavour: string;
  readonly role: MemberRole;
}

/** Type of a setting in words a user knows. `duration` and `size` are spelled as the system wants them. */
export type KnowledgeType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'list'
  | 'class'
  | 'duration'
  | 'size'
  | 'rate'
  | 'object'
  | 'integer or string';

/** When a changed setting takes effect: at a restart, or at once for one node or for the whole cluster. */
export type ChangeScope = 'restart' | 'node' | 'cluster';

/** What we know of one setting of a system. */
export interface KnowledgeEntry {
  readonly type: KnowledgeType;
  /** As it would be written; absent when there is none or when it depends. */
  readonly default?: string;
  /** One or two plain sentences; Markdown code spans are allowed. Empty for settings that only the catalogue knows. */
  readonly description: string;
  /** Every allowed value, when there are few. */
  readonly values?: readonly string[];
  /** First version of the system that knows it, `4.1`. */
  readonly since?: string;
  /** First version of the system that no longer knows it, `4.0`. */
  readonly removedIn?: string;
  /** Name that took its place. */
  readonly replacedBy?: string;
  readonly scope?: ChangeScope;
  /** What the releases of the system declare, where its catalogue is at hand and has the setting. */
  readonly facts?: SettingFacts;
}

/** Settings that somebody else owns in this place, so that a value of the user is refused or ignored. */
export interface ReservedSettings {
  /** Beginnings of the names. */
  readonly prefixes: readonly string[];
  /** Names that are allowed although a prefix covers them. */
  readonly except: readonly string[];
  /** Who owns them and what happens to a value, as one sentence. */
  readonly reason: string;
}

/** What may stand in one free-form place: the keys of a map, the names of a list, or the lines of a file. */
export interface KnowledgeTable {
  /** For people: `Kafka broker settings`. */
  readonly name: string;
  readonly entries: ReadonlyMap<string, KnowledgeEntry>;
  readonly reserved?: ReservedSettings;
  /** Page of the system's own documentation. */
  readonly documentation?: string;
  /** Where its settings come from; absent for tables that are whole as they are. */
  readonly catalogue?: CatalogueLink;
}

/** The table of a system's catalogue that has all settings of a place. */
export interface CatalogueLink {
  readonly system: SystemId;
  readonly table: string;
  /** Beginning of the variables that stand for the settings: `KAFKA_`; absent where settings have their own names. */
  readonly variables?: string;
}

/** A free-form map inside a kind. */
export interface FreeFormPlace {
  readonly group: string;
  readonly kind: string;
  /** Path of the map that holds the keys, lists as `[]`, any key as `*`: `spec.kafka.config`, `spec.tfReplicaSpecs.*.template`. */
  readonly path: string;
  readonly table: KnowledgeTable;
  /** Paths of the fields that tell the version of the system, the first that is written counts; lists as in `path`. */
  readonly version?: readonly string[];
  /** A field that must have this value, or must be left out, for the table to be the right one. */
  readonly onlyFor?: { readonly path: string; readonly value: string };
}

/** A file by its name, as it stands under `data` of a ConfigMap. */
export interface ConfigurationFile {
  readonly name: string;
  readonly format: 'properties' | 'yaml' | 'options' | 'json';
  readonly table: KnowledgeTable;
}

/** The environment of a well-known image. */
export interface ImageEnvironment {
  readonly image: RegExp;
  readonly table: KnowledgeTable;
  /** What is added to the first number of the tag to get the version of the system: Confluent Platform 8.0 brings Kafka 4.0. */
  readonly versionShift?: number;
}

/** What we know of a system, as data for completion, hover and rules. */
export interface SystemKnowledge {
  readonly freeForm: readonly FreeFormPlace[];
  readonly files: readonly ConfigurationFile[];
  readonly environments: readonly ImageEnvironment[];
}

/** One data system. All four have the same shape; a fifth is one folder and one line in the registry. */
export interface DataSystem {
  readonly id: SystemId;
  readonly title: string;
  readonly kinds: readonly SystemKind[];
  /** File in `snippets/`. */
  readonly snippetFile: string;
  readonly knowledge: SystemKnowledge;
  /** What part of this system a manifest describes; undefined when it is none of it, or not surely. */
  recognize(facts: DocumentFacts): Recognition | undefined;
  /** What correct means for it, in the order of the catalogue. */
  readonly rules: readonly Rule[];
  /** How it looks alive: its data clusters, their members and their health. */
  readonly live: LiveSystem;
  /** What its operators will create of a manifest, where that can be told. */
  readonly preview?: SystemPreview;
}

/** A document's kind and a place in it. */
export interface KnowledgePlace {
  readonly gvk: GroupVersionKind;
  readonly path: YamlPath;
}
