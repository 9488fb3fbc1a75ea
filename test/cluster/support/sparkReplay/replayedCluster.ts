import { numberAt, objectsOf, textAt, type JsonObject } from '#core/json.ts';
import { isReleasing, statusOf } from './replayedApache.ts';
import { kinds, nameOf, ownedBy, uidOf } from './replayApi.ts';
import { ENDLESS, podSpecOf } from './replayedPods.ts';
import type { Round } from './round.ts';

type Role = 'master' | 'worker';

const WEB_PORT = 8080;

/** A SparkCluster: its StatefulSets are made once, and never looked at again. */
export async function playCluster(round: Round, cluster: JsonObject): Promise<void> {
  const name = nameOf(cluster);
  // Its StatefulSets go with it.
  if (await isReleasing(round, kinds.apacheCluster, cluster, [], undefined)) return;
  const now = textAt(cluster, 'status', 'currentState', 'currentStateSummary');
  if (round.isEarly(uidOf(cluster), now)) return;
  if (now === '') await round.api.status(kinds.apacheCluster, cluster, statusOf(cluster, 'Submitted'));
  if (now !== 'Submitted') return;
  await round.api.create(kinds.service, serviceOf(cluster));
  await round.api.create(kinds.set, setOf(cluster, 'master', 1, ['keep', String(WEB_PORT), String(ENDLESS), '0']));
  const workers = numberAt(cluster, 'spec', 'clusterTolerations', 'instanceConfig', 'initWorkers') ?? 1;
  const master = `http://${name}-master-svc.${round.api.namespace}:${WEB_PORT}`;
  await round.api.create(kinds.set, setOf(cluster, 'worker', workers, ['report', master, '$(POD_NAME)']));
  await round.api.status(kinds.apacheCluster, cluster, statusOf(cluster, 'RunningHealthy'));
}

function serviceOf(cluster: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${nameOf(cluster)}-master-svc`, ownerReferences: ownedBy(cluster) },
    spec: {
      clusterIP: 'None',
      selector: labelsOf(cluster, 'master'),
      ports: [{ name: 'web', port: WEB_PORT }],
      publishNotReadyAddresses: true,
    },
  };
}

function setOf(cluster: JsonObject, role: Role, replicas: number, args: readonly string[]): JsonObject {
  const labels = labelsOf(cluster, role);
  const name = `${nameOf(cluster)}-${role}`;
  const spec = podSpecOf({ name, labels, container: role, args, ...(role === 'master' ? { port: WEB_PORT } : {}) });
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, labels, ownerReferences: ownedBy(cluster) },
    spec: {
      replicas,
      serviceName: `${nameOf(cluster)}-${role}-svc`,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: kept(spec) },
    },
  };
}

/** As the operator makes them: without grace, and started again when they end. */
function kept(spec: JsonObject): JsonObject {
  const containers = objectsOf(spec['containers']).map((container) => ({
    ...container,
    env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  }));
  return { ...spec, restartPolicy: 'Always', terminationGracePeriodSeconds: 0, containers };
}

const labelsOf = (cluster: JsonObject, role: Role): Readonly<Record<string, string>> => ({
  'spark.operator/name': 'spark-kubernetes-operator',
  'spark.operator/spark-cluster-name': nameOf(cluster),
  'spark-role': role,
});
