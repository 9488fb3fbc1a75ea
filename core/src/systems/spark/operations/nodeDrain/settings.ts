import { objectAt, objectsOf, scalarText, textAt, valueAt } from '#core/json.ts';
import { readPropertiesText } from '#core/configuration/propertiesText.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster, type JsonObject, type ResourceKind } from '#core/live/ports.ts';

/** The only settings that are kept of an application: its ConfigMap and its resource may hold logins beside them. */
const NEEDED = [
  'spark.decommission.enabled',
  'spark.storage.decommission.enabled',
  'spark.storage.decommission.rddBlocks.enabled',
  'spark.storage.decommission.shuffleBlocks.enabled',
  'spark.storage.decommission.fallbackStorage.path',
  'spark.executor.decommission.killInterval',
  'spark.executor.decommission.forceKillTimeout',
  'spark.kubernetes.decommission.script',
  'spark.dynamicAllocation.enabled',
  'spark.dynamicAllocation.minExecutors',
] as const;

export type SettingName = (typeof NEEDED)[number];

/** What an application is run with, as far as it can be read without secrets. */
export interface SparkSettings {
  /** Undefined when it is not set where it was read; whether that means Spark's default is told by `isWhole`. */
  readonly of: (name: SettingName) => string | undefined;
  /** All settings of the application were read, so that what is missing has Spark's default. */
  readonly isWhole: boolean;
  /** Where they were read, for people. */
  readonly source: string;
}

const configMaps: ResourceKind = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

/** Spark mounts the settings of a driver from a ConfigMap under this name. Source: KubernetesClientUtils, Config of Spark 3.0 to 4.1. */
const CONF_VOLUME = 'spark-conf-volume';
const CONF_FILE = 'spark.properties';

/**
 * The ConfigMap that the driver was started with, else the resource: that has what its author wrote and not what Spark's defaults file adds.
 * @throws ClusterProblem when the cluster does not answer; what may not be read is unknown instead
 */
export async function readSettings(
  data: DataCluster,
  driver: JsonObject | undefined,
  cluster: Cluster,
): Promise<SparkSettings> {
  const name = confMapOf(driver);
  const text = name === undefined ? undefined : await readConf(cluster, data.namespace, name);
  if (name !== undefined && text !== undefined) {
    const lines = readPropertiesText(text);
    const found = lines.flatMap(({ name: key, value }) => (value === undefined ? [] : [[key, value] as const]));
    return settingsOf(new Map(found), true, `ConfigMap ${name}`);
  }
  const { resource } = data;
  if (!resource) return settingsOf(new Map(), false, 'the pods only: the settings of the driver cannot be read');
  return settingsOf(writtenIn(resource.spec), false, `${resource.customKind} ${resource.meta.name}`);
}

function writtenIn(spec: JsonObject): ReadonlyMap<string, string> {
  const conf = Object.entries(objectAt(spec, 'sparkConf')).map(([key, value]) => [key, scalarText(value)] as const);
  const dynamic = objectAt(spec, 'dynamicAllocation');
  // Fields of the Kubeflow operator that it hands on under these names.
  const fields = [
    ['spark.dynamicAllocation.enabled', scalarText(dynamic['enabled'])],
    ['spark.dynamicAllocation.minExecutors', scalarText(dynamic['minExecutors'])],
  ] as const;
  return new Map([...conf, ...fields.filter(([, value]) => value !== '')]);
}

function settingsOf(all: ReadonlyMap<string, string>, isWhole: boolean, source: string): SparkSettings {
  const kept = new Map<string, string>();
  for (const name of NEEDED) {
    const value = all.get(name);
    if (value !== undefined) kept.set(name, value);
  }
  return { of: (name) => kept.get(name), isWhole, source };
}

function confMapOf(driver: JsonObject | undefined): string | undefined {
  const volumes = objectsOf(valueAt(driver, 'spec', 'volumes'));
  const found = volumes.find((volume) => textAt(volume, 'name').startsWith(CONF_VOLUME));
  const name = textAt(found, 'configMap', 'name');
  return name === '' ? undefined : name;
}

async function readConf(cluster: Cluster, namespace: string, name: string): Promise<string | undefined> {
  try {
    const text = objectAt(await cluster.get({ ...configMaps, namespace, name }), 'data')[CONF_FILE];
    return typeof text === 'string' ? text : undefined;
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return undefined;
    throw error;
  }
}
