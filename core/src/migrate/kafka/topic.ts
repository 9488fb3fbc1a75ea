import { checkDnsSubdomain } from '#core/kubernetes/names.ts';
import { put, type Draft, type MigrationJob } from '#core/migrate/job.ts';
import { leaf, putAt, type Tree } from '#core/migrate/tree.ts';

export const STRIMZI = { group: 'kafka.strimzi.io', version: 'v1' } as const;

const CLUSTER_LABEL = 'strimzi.io/cluster';

/** Where the name of a cluster stands that nobody has said. */
const UNKNOWN_CLUSTER = 'my-cluster';

/** A KafkaTopic; a name that Kubernetes does not take becomes one, beside the real one. */
export function beginTopic(job: MigrationJob, name: string, cluster = job.cluster): Draft {
  const objectName = checkDnsSubdomain(name) === undefined ? name : toObjectName(name);
  const draft = job.begin({ ...STRIMZI, kind: 'KafkaTopic' }, objectName);
  if (cluster === undefined) {
    job.step(`Write the name of the Kafka resource into the label ${CLUSTER_LABEL} in place of ${UNKNOWN_CLUSTER}.`);
  }
  labelCluster(draft, cluster ?? UNKNOWN_CLUSTER);
  if (objectName !== name) put(draft, 'spec.topicName', leaf(name));
  return draft;
}

export function labelCluster({ tree }: Draft, cluster: string): void {
  putAt(tree, ['metadata', 'labels', CLUSTER_LABEL], leaf(cluster));
}

function toObjectName(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return plain === '' ? 'topic' : plain;
}

/** A setting as a number where it is one, so that it reads like what people write. */
export function settingLeaf(value: string): Tree {
  if (value === 'true' || value === 'false') return leaf(value === 'true');
  const number = Number(value);
  return /^-?\d+$/.test(value) && Number.isSafeInteger(number) ? leaf(number) : leaf(value);
}
