import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { lose, put, type Draft, type Loss, type MigrationJob } from '#core/migrate/job.ts';
import {
  entriesOf,
  leaf,
  listOf,
  mapOf,
  putAt,
  textOf,
  toSteps,
  treeAt,
  type Entry,
  type MapTree,
} from '#core/migrate/tree.ts';

/** Where fields of a CassandraDatacenter stand in a K8ssandraCluster: once for the cluster, or below each datacenter. */
const OF_THE_CLUSTER = ['clusterName', 'serverType', 'serverVersion'];
const OF_A_DATACENTER: ReadonlyMap<string, string> = new Map([
  ['datacenterName', 'datacenterName'],
  ['size', 'size'],
  ['racks', 'racks'],
  ['storageConfig', 'storageConfig'],
  ['resources', 'resources'],
  ['tolerations', 'tolerations'],
  ['readOnlyRootFilesystem', 'readOnlyRootFilesystem'],
  ['serviceAccountName', 'serviceAccount'],
]);

/** What its own configuration blocks are called there. */
const CONFIG_BLOCKS: ReadonlyMap<string, string> = new Map([['cassandra-yaml', 'config.cassandraYaml']]);

/** The options of Java that it knows by name. */
const HEAP_OPTIONS: ReadonlyMap<string, string> = new Map([
  ['max_heap_size', 'config.jvmOptions.heap_max_size'],
  ['initial_heap_size', 'config.jvmOptions.heap_initial_size'],
  ['heap_size_young_generation', 'config.jvmOptions.heapNewGenSize'],
]);

/** One K8ssandraCluster in place of the CassandraDatacenters of a job. */
export function wrapForK8ssandra(job: MigrationJob): void {
  const datacenters = job.drafts.splice(0);
  const [first] = datacenters;
  if (!first) return;
  const cluster = textOf(treeAt(first.tree, ['spec', 'clusterName'])) ?? job.name;
  const name = checkDnsSubdomain(cluster) === undefined ? cluster : job.name;
  const draft = job.begin({ group: 'k8ssandra.io', version: 'v1alpha1', kind: 'K8ssandraCluster' }, name);
  for (const part of ['labels', 'annotations']) {
    const entry = entriesOf(treeAt(first.tree, ['metadata'])).find((candidate) => candidate.name === part);
    if (entry) put(draft, `metadata.${part}`, entry.value, entry);
  }
  for (const field of OF_THE_CLUSTER) put(draft, `spec.cassandra.${field}`, treeAt(first.tree, ['spec', field]));
  put(draft, 'spec.cassandra.datacenters', listOf(datacenters.map((datacenter) => toDatacenter(datacenter, draft))));
  job.step('Datacenters of one cluster belong into one K8ssandraCluster: where several were made, join their lists.');
  draft.lost.push(...datacenters.flatMap(({ lost }) => lost));
}

function toDatacenter({ tree }: Draft, target: Draft): MapTree {
  const made = mapOf({ metadata: mapOf({ name: treeAt(tree, ['metadata', 'name']) ?? leaf('dc1') }) });
  for (const entry of entriesOf(treeAt(tree, ['spec']))) {
    const place = OF_A_DATACENTER.get(entry.name);
    if (place !== undefined) putAt(made, toSteps(place), entry.value, entry);
    else if (entry.name === 'config') moveConfig(entry, made, target.lost);
    else if (entry.name === 'allowMultipleNodesPerWorker') putAt(made, ['softPodAntiAffinity'], entry.value, entry);
    else if (entry.name === 'additionalServiceConfig') moveServices(entry, made);
    else if (entry.name === 'podTemplateSpec') movePod(entry, made, target.lost);
    else if (!OF_THE_CLUSTER.includes(entry.name)) tellLost(target.lost, entry.name);
  }
  return made;
}

function moveConfig({ value }: Entry, made: MapTree, lost: Loss[]): void {
  for (const block of entriesOf(value)) {
    const place = CONFIG_BLOCKS.get(block.name);
    if (place !== undefined) putAt(made, toSteps(place), block.value, block);
    else for (const option of entriesOf(block.value)) moveOption(option, block.name, made, lost);
  }
}

function moveOption(option: Entry, block: string, made: MapTree, lost: Loss[]): void {
  const place = HEAP_OPTIONS.get(option.name);
  if (place !== undefined) putAt(made, toSteps(place), option.value, option);
  else
    lose(
      { lost },
      `spec.config.${block}.${option.name}`,
      'see whether config.jvmOptions has it, or write it into additionalOptions there',
    );
}

/** What the Services carry besides what the operator gives them. */
function moveServices({ value }: Entry, made: MapTree): void {
  for (const service of entriesOf(value)) {
    const name = service.name === 'allpodsService' ? 'allPodsService' : service.name;
    for (const part of ['Labels', 'Annotations']) {
      const found = treeAt(service.value, [`additional${part}`]);
      if (found) putAt(made, ['metadata', 'services', name, part.toLowerCase()], found);
    }
  }
}

/** Parts of the pod that have fields of their own. */
const POD_PARTS: ReadonlyMap<string, string> = new Map([
  ['containers', 'containers'],
  ['initContainers', 'initContainers'],
  ['securityContext', 'podSecurityContext'],
]);

function movePod({ value }: Entry, made: MapTree, lost: Loss[]): void {
  for (const entry of entriesOf(treeAt(value, ['spec']))) {
    const place = POD_PARTS.get(entry.name);
    if (place !== undefined) putAt(made, [place], entry.value, entry);
    else tellLost(lost, `podTemplateSpec.spec.${entry.name}`);
  }
  for (const part of ['labels', 'annotations']) {
    const found = treeAt(value, ['metadata', part]);
    if (found) putAt(made, ['metadata', 'pods', part], found);
  }
}

function tellLost(lost: Loss[], path: string): void {
  lose({ lost }, `spec.${path}`, 'a CassandraDatacenter could say it, but a K8ssandraCluster has no field for it');
}
