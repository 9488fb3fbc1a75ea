import { asArray, asText, at, type Json, type JsonObject } from '../bed/json.ts';
import { applyObjects } from '../bed/kubectl.ts';
import { until } from '../bed/commands.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import type { LiveContext } from './liveContext.ts';
import { tellingsOf } from './tellings.ts';
import { control, read, readItems, tryControl, type TestCluster } from './suite.ts';

export const namespace = 'training';
const program = 'data-clusters.local/tensorflow:bed';

export interface ReplicaWish {
  readonly replicas?: number;
  readonly restartPolicy?: string;
  /** Of the program in the image. */
  readonly args?: readonly string[];
  /** The bed's own program when absent. */
  readonly image?: string;
  readonly cpu?: string;
}

export interface JobWish {
  readonly name: string;
  readonly chief?: ReplicaWish;
  readonly ps?: ReplicaWish;
  readonly worker?: ReplicaWish;
  readonly runPolicy?: JsonObject;
  readonly isDynamic?: boolean;
}

/** A TFJob whose replicas are the bed's own program. */
export function trainingJob({ name, chief, ps, worker, runPolicy, isDynamic }: JobWish): JsonObject {
  const wishes = Object.entries({ Chief: chief, PS: ps, Worker: worker });
  const specs = wishes.flatMap(([type, wish]) => (wish === undefined ? [] : [[type, replicaSpec(wish)] as const]));
  return {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { name, namespace },
    spec: {
      ...(runPolicy === undefined ? {} : { runPolicy }),
      ...(isDynamic === undefined ? {} : { enableDynamicWorker: isDynamic }),
      tfReplicaSpecs: Object.fromEntries(specs),
    },
  };
}

function replicaSpec(wish: ReplicaWish): JsonObject {
  const { replicas = 1, restartPolicy = 'Never', args = [], image = program, cpu = '10m' } = wish;
  const resources = { requests: { cpu, memory: '16Mi' } };
  const containers = [{ name: 'tensorflow', image, args, resources }];
  return { replicas, restartPolicy, template: { spec: { containers, terminationGracePeriodSeconds: 2 } } };
}

export const ensureNamespace = ({ access }: TestCluster): Promise<void> =>
  applyObjects(access, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);

/** Submits jobs and deletes them with everything of theirs when the work is done. */
export async function withJobs(
  test: TestCluster,
  wishes: readonly JobWish[],
  work: () => Promise<void>,
): Promise<void> {
  await ensureNamespace(test);
  await submit(test, wishes);
  try {
    await work();
  } finally {
    const names = wishes.map(({ name }) => name);
    await tryControl(test, ['-n', namespace, 'delete', 'tfjobs', ...names, '--ignore-not-found', '--wait=true']);
  }
}

/** Once the webhook of the operator answers: 1.8.1 may end by a fault of its own, and is started again. */
async function submit({ access }: TestCluster, wishes: readonly JobWish[]): Promise<void> {
  await until('the webhook of the operator to take jobs', 120, async () => {
    try {
      await applyObjects(access, wishes.map(trainingJob));
      return true;
    } catch (error) {
      if (!String(error).includes('failed calling webhook')) throw error;
      return undefined;
    }
  });
}

const keyOf = (name: string): string => `tfjob/${namespace}/${name}`;

/** What the product says of a job now; undefined while it does not see it. */
export const judged = ({ watch }: LiveContext, name: string): JudgedCluster | undefined =>
  watch.view.clusters.find(({ cluster }) => cluster.key === keyOf(name));

export const { said, untilSaid, followSentences } = tellingsOf(judged);

export const readJob = (test: TestCluster, name: string): Promise<JsonObject> =>
  read(test, '-n', namespace, 'tfjob', name);

export const podsOf = (test: TestCluster, name: string): Promise<readonly Json[]> =>
  readItems(test, '-n', namespace, 'pods', '-l', `training.kubeflow.org/job-name=${name}`);

/** `mnist-ps-0 Running`, sorted. */
export const phasesOf = async (test: TestCluster, name: string): Promise<readonly string[]> =>
  (await podsOf(test, name))
    .filter((pod) => at(pod, 'metadata', 'deletionTimestamp') === undefined)
    .map((pod) => `${asText(at(pod, 'metadata', 'name'))} ${asText(at(pod, 'status', 'phase'))}`)
    .toSorted();

export const uidsOf = async (test: TestCluster, name: string): Promise<ReadonlyMap<string, string>> =>
  new Map(
    (await podsOf(test, name)).map((pod) => [asText(at(pod, 'metadata', 'name')), asText(at(pod, 'metadata', 'uid'))]),
  );

/** Types of the conditions that hold, in their order. */
export const holding = (job: Json): readonly string[] =>
  asArray(at(job, 'status', 'conditions'))
    .filter((condition) => at(condition, 'status') === 'True')
    .map((condition) => asText(at(condition, 'type')));

export const logOf = (test: TestCluster, pod: string): Promise<string> => control(test, '-n', namespace, 'logs', pod);

export const patchJob = (test: TestCluster, name: string, patch: object): Promise<string> =>
  control(test, '-n', namespace, 'patch', 'tfjob', name, '--type=merge', '-p', JSON.stringify(patch));
