/**
 * Every setting of the product, once. The manifest's `contributes.configuration` is generated from this table,
 * the server reads its settings by it, and nothing else may name a setting.
 */
export const SETTINGS_SECTION = 'dataClusters';

export type SettingScope = 'window' | 'resource' | 'machine-overridable';

interface SettingBase {
  /** Without the section: `kubernetesVersion`. */
  readonly key: string;
  /** Markdown, for the settings editor. */
  readonly description: string;
  readonly scope: SettingScope;
}

export interface TextSetting extends SettingBase {
  readonly type: 'string';
  readonly default: string;
  readonly pattern?: string;
  readonly patternMessage?: string;
}

export interface ChoiceSetting extends SettingBase {
  readonly type: 'choice';
  readonly default: string;
  /** Value to what it means. */
  readonly choices: Readonly<Record<string, string>>;
}

export interface BooleanSetting extends SettingBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface ListSetting extends SettingBase {
  readonly type: 'list';
  readonly default: readonly string[];
}

export interface LevelsSetting extends SettingBase {
  readonly type: 'levels';
  readonly default: Readonly<Record<string, never>>;
}

/** Lists by a name or pattern: `{"prod-*": ["orders"]}`. */
export interface ListMapSetting extends SettingBase {
  readonly type: 'listMap';
  readonly default: Readonly<Record<string, never>>;
}

export type Setting = TextSetting | ChoiceSetting | BooleanSetting | ListSetting | LevelsSetting | ListMapSetting;

export const settingsTable = [
  {
    key: 'kubernetesVersion',
    type: 'string',
    default: '',
    pattern: '^$|^v?1\\.\\d{1,2}(\\.\\d+)?$',
    patternMessage: 'Write a minor version such as 1.34, or leave it empty.',
    scope: 'resource',
    description:
      'Minor version of Kubernetes the manifests are for, such as `1.34`. Empty: the newest version that is known. A `.data-clusters.yaml` beside the files wins over this.',
  },
  {
    key: 'schemas',
    type: 'list',
    default: [],
    scope: 'resource',
    description:
      'Files or folders with further CustomResourceDefinitions, absolute or relative to the workspace folder. CRDs inside the workspace are found without this.',
  },
  {
    key: 'rules',
    type: 'levels',
    default: {},
    scope: 'resource',
    description: 'Level of single rules by their code: `error`, `warning`, `hint` or `off`, as in `{"KAF01": "off"}`.',
  },
  {
    key: 'ignore',
    type: 'list',
    default: [],
    scope: 'resource',
    description: 'Globs of files that are not checked, relative to the workspace folder.',
  },
  {
    key: 'coexistence',
    type: 'choice',
    default: 'auto',
    choices: {
      auto: 'Check everything, unless another extension in this editor checks Kubernetes manifests: then only what belongs to data clusters.',
      full: 'Check every Kubernetes manifest.',
      dataClustersOnly: 'Check only manifests that belong to Cassandra, Kafka, Spark or TFJob.',
    },
    scope: 'window',
    description: 'What to check beside other extensions, so that nothing is reported twice.',
  },
  {
    key: 'completion.insertRequired',
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Let a completed key bring the required keys below it, as placeholders.',
  },
  {
    key: 'codeLens.enabled',
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Show actions above the objects they act on.',
  },
  {
    key: 'helmPath',
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    description:
      'Program of Helm 3 that renders charts for Preview Rendered Templates: an absolute path. Empty: `helm` on the `PATH`. Tried with Helm 3.22.0; Helm 4 is neither refused nor tried. It is never run in a workspace that is not trusted.',
  },
  {
    key: 'kubeconfig',
    type: 'list',
    default: [],
    scope: 'machine-overridable',
    description:
      'Kubeconfig files to take clusters from, in the order in which they are merged; `~` is the home folder. Empty: the files of the variable `KUBECONFIG`, or `~/.kube/config`.',
  },
  {
    key: 'namespaces',
    type: 'listMap',
    default: {},
    scope: 'window',
    description:
      'Namespaces to watch one by one where a login may not watch all at once: contexts (with `*` for any text) and their namespaces, as in `{"prod-*": ["orders", "billing"]}`. Without an entry, that is the namespace of the context.',
  },
  {
    key: 'protectedContexts',
    type: 'list',
    default: [],
    scope: 'window',
    description:
      'Contexts (with `*` for any text) in which every change asks for the name of what is changed. The lists of all levels of settings count together, so that a workspace can protect more and never less.',
  },
  {
    key: 'readOnlyContexts',
    type: 'list',
    default: [],
    scope: 'window',
    description:
      'Contexts (with `*` for any text) in which no action changes anything. The lists of all levels of settings count together.',
  },
  {
    key: 'inside',
    type: 'choice',
    default: 'onDemand',
    choices: {
      onDemand: 'Ask Cassandra and Kafka themselves only when told to.',
      whenExpanded: 'Ask them as well when their row is opened, and again while it stays open.',
    },
    scope: 'window',
    description:
      'When the systems themselves are asked how they are, beyond what Kubernetes knows. That runs `nodetool` in a Cassandra pod and connects to Kafka brokers through their pods.',
  },
  {
    key: 'trace.server',
    type: 'choice',
    default: 'off',
    choices: {
      off: 'No trace.',
      messages: 'Names of requests and notifications.',
      verbose: 'Requests and notifications with their contents.',
    },
    scope: 'window',
    description: 'Trace of the talk between the editor and the language server, for reports of errors.',
  },
] as const satisfies readonly Setting[];

export type SettingKey = (typeof settingsTable)[number]['key'];
