import type { SettingKey } from '#core/settings.ts';
import { SETTINGS_SECTION } from '#core/settings.ts';

/** Publisher and name, as other extensions and walkthrough links know us. */
export const EXTENSION_ID = 'data-clusters.data-clusters';

/** Every command of the extension. The manifest contributes exactly these; a contract test compares the two. */
export const commandIds = {
  newManifest: 'dataClusters.newManifest',
  fixAll: 'dataClusters.fixAll',
  migrate: 'dataClusters.migrate',
  previewTemplates: 'dataClusters.previewTemplates',
  preview: 'dataClusters.preview',
  showSchemaSource: 'dataClusters.showSchemaSource',
  openSample: 'dataClusters.openSample',
  openWalkthrough: 'dataClusters.openWalkthrough',
  showLog: 'dataClusters.showLog',
  restartServer: 'dataClusters.restartServer',
  refreshClusters: 'dataClusters.refreshClusters',
  filterClusters: 'dataClusters.filterClusters',
  clearFilter: 'dataClusters.clearFilter',
  showOnlyUnhealthy: 'dataClusters.showOnlyUnhealthy',
  showAllLevels: 'dataClusters.showAllLevels',
  addFavourite: 'dataClusters.addFavourite',
  removeFavourite: 'dataClusters.removeFavourite',
  connect: 'dataClusters.connect',
  disconnect: 'dataClusters.disconnect',
  openDemo: 'dataClusters.openDemo',
  askInside: 'dataClusters.askInside',
  keepAsking: 'dataClusters.keepAsking',
  stopAsking: 'dataClusters.stopAsking',
  showDetail: 'dataClusters.showDetail',
  showOperator: 'dataClusters.showOperator',
  revealInTree: 'dataClusters.revealInTree',
  openDefinition: 'dataClusters.openDefinition',
  // Actions on live objects.
  openYaml: 'dataClusters.openYaml',
  reloadFromCluster: 'dataClusters.reloadFromCluster',
  showSecretValues: 'dataClusters.showSecretValues',
  followLogs: 'dataClusters.followLogs',
  previousLogs: 'dataClusters.previousLogs',
  openLog: 'dataClusters.openLog',
  saveLog: 'dataClusters.saveLog',
  openShell: 'dataClusters.openShell',
  forwardPort: 'dataClusters.forwardPort',
  forwards: 'dataClusters.forwards',
  describe: 'dataClusters.describe',
  showEvents: 'dataClusters.showEvents',
  copyName: 'dataClusters.copyName',
  copyKubectlCommand: 'dataClusters.copyKubectlCommand',
  copyConnection: 'dataClusters.copyConnection',
  openSparkUi: 'dataClusters.openSparkUi',
  driverLog: 'dataClusters.driverLog',
  decidingLog: 'dataClusters.decidingLog',
  showRelease: 'dataClusters.showRelease',
  compareRevisions: 'dataClusters.compareRevisions',
  showReleaseHistory: 'dataClusters.showReleaseHistory',
  compareReleaseWithCluster: 'dataClusters.compareReleaseWithCluster',
  chooseClusterForChecks: 'dataClusters.chooseClusterForChecks',
  checkAgainstCluster: 'dataClusters.checkAgainstCluster',
  compareWithCluster: 'dataClusters.compareWithCluster',
  // Operations.
  safeRestart: 'dataClusters.safeRestart',
  drain: 'dataClusters.drain',
  drainNode: 'dataClusters.drainNode',
  moveOffNode: 'dataClusters.moveOffNode',
  rebalance: 'dataClusters.rebalance',
  rollBackRelease: 'dataClusters.rollBackRelease',
  scale: 'dataClusters.scale',
  replaceDeadNode: 'dataClusters.replaceDeadNode',
  applyConfiguration: 'dataClusters.applyConfiguration',
  rerunJob: 'dataClusters.rerunJob',
  suspendJob: 'dataClusters.suspendJob',
  resumeJob: 'dataClusters.resumeJob',
  resubmitJob: 'dataClusters.resubmitJob',
  changeWorkers: 'dataClusters.changeWorkers',
  changeSchedule: 'dataClusters.changeSchedule',
  stopJob: 'dataClusters.stopJob',
  showOperation: 'dataClusters.showOperation',
  pauseOperation: 'dataClusters.pauseOperation',
  resumeOperation: 'dataClusters.resumeOperation',
  cancelOperation: 'dataClusters.cancelOperation',
  showOperationReport: 'dataClusters.showOperationReport',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

/** Keys for `when` clauses. */
export const contextKeys = {
  /** True while the active editor shows a Kubernetes document. */
  kubernetesDocument: 'dataClusters.kubernetesDocument',
  /** True while it may hold an object of which can be told what its operator will create. */
  previewable: 'dataClusters.previewable',
  /** Why the view of clusters is empty: a WelcomeReason. */
  welcome: 'dataClusters.welcome',
  /** True while the view of clusters shows what has certain words. */
  filtered: 'dataClusters.filtered',
  /** True while it shows what needs attention only. */
  onlyUnhealthy: 'dataClusters.onlyUnhealthy',
} as const;

/** The view of live clusters, and the place in the activity bar it is in. */
export const VIEW_ID = 'dataClusters.clusters';
export const VIEW_CONTAINER_ID = 'dataClusters';

/** What language models may ask; the manifest describes exactly these. */
export const toolNames = {
  status: 'data-clusters_status',
  plan: 'data-clusters_plan',
  report: 'data-clusters_report',
} as const;

/** The pages of plans and runs; the editor brings them back by this name. */
export const OPERATION_PAGE = 'dataClusters.operation';

/** The page that tells what an operator will create. */
export const PREVIEW_PAGE = 'dataClusters.preview';

export const WALKTHROUGH_ID = 'dataClusters.start';

/** Languages whose documents may hold manifests; `helm` is what the Kubernetes extension calls chart templates. */
export const documentLanguages = ['yaml', 'helm'] as const;

export interface SnippetSource {
  /** How the group is headed when a kind is picked. */
  readonly title: string;
  /** Relative to the root of the extension. */
  readonly path: string;
}

export const snippetSources: readonly SnippetSource[] = [
  { title: 'Kubernetes', path: 'snippets/kubernetes.json' },
  { title: 'Cassandra', path: 'snippets/cassandra.json' },
  { title: 'Kafka', path: 'snippets/kafka.json' },
  { title: 'Spark', path: 'snippets/spark.json' },
  { title: 'TFJob', path: 'snippets/tfjob.json' },
];

/** Folder of the sample manifests, relative to the root of the extension. */
export const SAMPLES_FOLDER = 'samples';

/** Scheme of the documents that show what a migration would make. */
export const MIGRATED_SCHEME = 'data-clusters-migrated';

/** Scheme of documents to read: comparisons, descriptions, logs. */
export const TEXT_SCHEME = 'data-clusters-text';

/** The kind of the code action that makes every preferred fix. */
export const FIX_ALL_KIND = 'source.fixAll.dataClusters';

/** The full name of a setting, such as `dataClusters.kubernetesVersion`. */
export function settingName(key: SettingKey): string {
  return `${SETTINGS_SECTION}.${key}`;
}
