import { until } from '../bed/commands.ts';
import { asText, at, type Json, type JsonObject } from '../bed/json.ts';
import { applyObjects } from '../bed/kubectl.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import type { LiveContext } from './liveContext.ts';
import { tellingsOf } from './tellings.ts';
import { control, read, readItems, tryControl, type TestCluster } from './suite.ts';

export const namespace = 'trainjobs';
/** Of the suites: it belongs to no namespace. */
const runtimeName = 'testbed-node';
const apiVersion = 'trainer.kubeflow.org/v1alpha1';

/** The image of the bed's training jobs: without TF_CONFIG each of its pods trains alone. A pod that fails is not made again. */
function template(step: string, ancestor: string, args: readonly string[] = []): JsonObject {
  const resources = { requests: { cpu: '10m', memory: '16Mi' } };
  const container = { name: step, image: 'data-clusters.local/tensorflow:bed', args, resources };
  const pod = { restartPolicy: 'Never', terminationGracePeriodSeconds: 2, containers: [container] };
  return {
    metadata: { labels: { 'trainer.kubeflow.org/trainjob-ancestor-step': ancestor } },
    spec: { backoffLimit: 0, template: { spec: pod } },
  };
}

const mlPolicy: JsonObject = { numNodes: 1, torch: { numProcPerNode: 1 } };

/** As the trainer comes with one for PyTorch, with the bed's own image. */
const runtime: JsonObject = {
  apiVersion,
  kind: 'ClusterTrainingRuntime',
  metadata: { name: runtimeName },
  spec: { mlPolicy, template: { spec: { replicatedJobs: [{ name: 'node', template: template('node', 'trainer') }] } } },
};

const initializer = 'dataset-initializer';

/** Its nodes come after an initializer, and it begins anew once when one fails. */
const preparedRuntime: JsonObject = {
  apiVersion,
  kind: 'TrainingRuntime',
  metadata: { name: 'prepared', namespace },
  spec: {
    mlPolicy,
    template: {
      spec: {
        failurePolicy: { maxRestarts: 1 },
        replicatedJobs: [
          { name: initializer, template: template(initializer, initializer, ['--steps', '20']) },
          {
            name: 'node',
            dependsOn: [{ name: initializer, status: 'Complete' }],
            template: template('node', 'trainer'),
          },
        ],
      },
    },
  },
};

export interface TrainJobWish {
  readonly name: string;
  readonly nodes?: number;
  /** Of the program in the image. */
  readonly args?: readonly string[];
  /** That of the suites when left out. */
  readonly runtimeRef?: JsonObject;
}

export const trainJob = ({
  name,
  nodes = 2,
  args = [],
  runtimeRef = { name: runtimeName },
}: TrainJobWish): JsonObject => ({
  apiVersion,
  kind: 'TrainJob',
  metadata: { name, namespace },
  spec: { runtimeRef, trainer: { numNodes: nodes, args } },
});

/** The namespace, and the runtimes that jobs name. */
export async function prepare(test: TestCluster): Promise<void> {
  await requireDefinitions(test);
  const { access } = test;
  await applyObjects(access, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects(access, [runtime, preparedRuntime]);
}

/** Those of another release have the same names, and come back when `up` brings other definitions than before. */
async function requireDefinitions(test: TestCluster): Promise<void> {
  const definition = await read(test, 'crd', 'trainjobs.trainer.kubeflow.org');
  const fields = at(definition, 'spec', 'versions', 0, 'schema', 'openAPIV3Schema', 'properties', 'spec', 'properties');
  if (at(fields, 'podSpecOverrides') === undefined)
    throw new Error('The definition of TrainJob is not that of the trainer that runs: npm run cluster up trainer');
}

/** Submits jobs and deletes them with everything of theirs when the work is done. */
export async function withTrainJobs(
  test: TestCluster,
  wishes: readonly TrainJobWish[],
  work: () => Promise<void>,
): Promise<void> {
  await prepare(test);
  await applyObjects(test.access, wishes.map(trainJob));
  try {
    await work();
  } finally {
    const names = wishes.map(({ name }) => name);
    await tryControl(test, ['-n', namespace, 'delete', 'trainjobs', ...names, '--ignore-not-found', '--wait=true']);
    await until('the pods of the jobs to be gone', 60, async () => {
      const left = await Promise.all(names.map((name) => podsOf(test, name)));
      return left.every((pods) => pods.length === 0);
    });
  }
}

const keyOf = (name: string): string => `tfjob/${namespace}/${name}/trainjob.trainer.kubeflow.org`;

/** What the product says of a job now; undefined while it does not see it. */
export const judged = ({ watch }: LiveContext, name: string): JudgedCluster | undefined =>
  watch.view.clusters.find(({ cluster }) => cluster.key === keyOf(name));

export const { said, untilSaid, followSentences } = tellingsOf(judged);

export const readTrainJob = (test: TestCluster, name: string): Promise<JsonObject> =>
  read(test, '-n', namespace, 'trainjob', name);

export const readJobSet = (test: TestCluster, name: string): Promise<JsonObject> =>
  read(test, '-n', namespace, 'jobset', name);

export const podsOf = (test: TestCluster, name: string): Promise<readonly Json[]> =>
  readItems(test, '-n', namespace, 'pods', '-l', `jobset.sigs.k8s.io/jobset-name=${name}`);

export const uidsOf = async (test: TestCluster, name: string): Promise<readonly string[]> =>
  (await podsOf(test, name)).map((pod) => asText(at(pod, 'metadata', 'uid')));

export const patchTrainJob = (test: TestCluster, name: string, patch: object): Promise<string> =>
  control(test, '-n', namespace, 'patch', 'trainjob', name, '--type=merge', '-p', JSON.stringify(patch));
