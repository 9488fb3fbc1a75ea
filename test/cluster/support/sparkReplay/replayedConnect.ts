import { listAt, numberAt, objectsOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { isRunning, playDriver } from './replayedExecutors.ts';
import { isDeleted, kinds, labelOf, nameOf, uidOf } from './replayApi.ts';
import { driverArgs, podOf } from './replayedPods.ts';
import type { Round } from './round.ts';

/** The server reads the number of its executors when its pod is made, and never again: issues 2665 and 3151. */
const INSTANCES = 'SPARK_EXECUTOR_INSTANCES';

/** A SparkConnect: its server pod, made from the spec whenever there is none, and what the operator says of it. */
export async function playConnect(round: Round, connect: JsonObject): Promise<void> {
  const name = nameOf(connect);
  const pods = round.pods.filter((pod) => labelOf(pod, 'sparkoperator.k8s.io/connect-name') === name);
  const server = pods.find((pod) => labelOf(pod, 'spark-role') === 'connect-server');
  const now = textAt(connect, 'status', 'state');
  if (server !== undefined) {
    const count = Number(instancesOf(server));
    await playDriver(round.api, pods, server, { count, labels: labelsOf(connect) });
  }
  if (round.isEarly(uidOf(connect), now)) return;
  if (server === undefined && pods.length === 0) await makeServer(round, connect);
  const next = isRunning(server) ? 'Ready' : now === '' || now === 'Provisioning' ? 'Provisioning' : 'NotReady';
  if (next !== now) await round.api.status(kinds.connect, connect, statusOf(connect, next));
}

function statusOf(connect: JsonObject, state: string): JsonObject {
  const at = new Date().toISOString();
  const isReady = state === 'Ready';
  const condition = {
    type: 'ServerPodReady',
    status: isReady ? 'True' : 'False',
    reason: isReady ? 'ServerPodReady' : 'ServerPodNotReady',
    message: isReady ? 'Server pod is ready' : 'Server pod is not ready',
    lastTransitionTime: at,
  };
  const before = listAt(connect, 'status', 'conditions').filter((one) => textAt(one, 'status') === condition.status);
  return {
    state,
    server: { podName: `${nameOf(connect)}-server`, serviceName: `${nameOf(connect)}-server` },
    conditions: before.length > 0 ? before : [condition],
    lastUpdateTime: at,
  };
}

const makeServer = (round: Round, connect: JsonObject): Promise<void> =>
  round.api.create(
    kinds.pod,
    podOf({
      name: `${nameOf(connect)}-server`,
      labels: { ...labelsOf(connect), 'spark-role': 'connect-server' },
      container: 'spark-kubernetes-driver',
      args: driverArgs([]),
      owner: connect,
      env: { [INSTANCES]: String(numberAt(connect, 'spec', 'executor', 'instances') ?? 1) },
    }),
  );

function instancesOf(server: JsonObject): string {
  const [container] = objectsOf(valueAt(server, 'spec', 'containers'));
  const variable = objectsOf(container?.['env']).find((one) => textAt(one, 'name') === INSTANCES);
  return isDeleted(server) ? '0' : textAt(variable, 'value');
}

const labelsOf = (connect: JsonObject): Readonly<Record<string, string>> => ({
  'sparkoperator.k8s.io/connect-name': nameOf(connect),
  'sparkoperator.k8s.io/launched-by-spark-operator': 'true',
  'spark-version': textAt(connect, 'spec', 'sparkVersion'),
});
