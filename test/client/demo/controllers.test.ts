import { describe, expect, test } from 'vitest';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { isPodReady, recordOf, type KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import type { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { steppedSimulation, type SteppedSimulation } from './steppedTime.ts';

function withBase(): SteppedSimulation {
  const stepped = steppedSimulation();
  addBase(stepped.simulation.world);
  return stepped;
}

const at = { kind: kindNamed('StatefulSet'), namespace: 'default', manager: 'test', isDryRun: false };

function createSet(
  { world }: Simulation,
  spec: Readonly<Record<string, unknown>> = {},
  container: Readonly<Record<string, unknown>> = {},
): void {
  world.writes.create(at, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: {
      replicas: 3,
      serviceName: 'web',
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          containers: [{ name: 'web', image: 'nginx:1', readinessProbe: { tcpSocket: { port: 80 } }, ...container }],
        },
      },
      ...spec,
    },
  });
}

const setImage = ({ world }: Simulation, image: string): void => {
  const containers = [{ name: 'web', image, readinessProbe: { tcpSocket: { port: 80 } } }];
  world.writes.mergePatch(at, 'web', { spec: { template: { spec: { containers } } } });
};

const pods = ({ world }: Simulation): string[] => world.pods('default').map(({ metadata }) => metadata.name);

const readyPods = ({ world }: Simulation): string[] =>
  world
    .pods('default')
    .filter(isPodReady)
    .map(({ metadata }) => metadata.name);

const images = ({ world }: Simulation): (string | undefined)[] =>
  world.pods('default').map(({ spec }) => spec.containers[0]?.image);

const dataClaim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } };

const nodeOfPod = ({ world }: Simulation): string => world.pod('default', 'web-0')?.spec.nodeName ?? '';

const zoneOfNode = ({ world }: Simulation, name: string): string | undefined =>
  world.nodes().find(({ metadata }) => metadata.name === name)?.metadata.labels?.['topology.kubernetes.io/zone'];

function cordon({ world }: Simulation, name: string): void {
  const spec = { unschedulable: true };
  world.writes.mergePatch({ ...at, kind: kindNamed('Node'), namespace: '' }, name, { spec });
}

function deletePod({ world }: Simulation): void {
  const pod = world.pod('default', 'web-0');
  if (pod !== undefined) world.deletePod(pod);
}

describe('a StatefulSet', () => {
  test('OrderedReady: each member waits for the one before', () => {
    const { simulation, until } = withBase();
    createSet(simulation);
    until(() => pods(simulation).length === 1);
    until(() => pods(simulation).length === 2);
    expect(readyPods(simulation)).toEqual(['web-0']);
    until(() => readyPods(simulation).length === 3);
    expect(recordOf(simulation.world.get('StatefulSet', 'default', 'web')?.['status'])).toMatchObject({
      replicas: 3,
      readyReplicas: 2,
    });
  });

  test('Parallel: all at once', () => {
    const { simulation, advance } = withBase();
    createSet(simulation, { podManagementPolicy: 'Parallel' });
    advance(500);
    expect(pods(simulation)).toEqual(['web-0', 'web-1', 'web-2']);
  });

  test('a new template goes from the highest ordinal down, one at a time', () => {
    const { simulation, until } = withBase();
    createSet(simulation);
    until(() => readyPods(simulation).length === 3);
    setImage(simulation, 'nginx:2');
    until(() => images(simulation)[2] === 'nginx:2');
    expect(images(simulation).slice(0, 2)).toEqual(['nginx:1', 'nginx:1']);
    until(() => images(simulation).every((image) => image === 'nginx:2') && readyPods(simulation).length === 3);
    until(() => {
      const status = recordOf(simulation.world.get('StatefulSet', 'default', 'web')?.['status']);
      return status['currentRevision'] === status['updateRevision'] && status['readyReplicas'] === 3;
    }, 1000);
  });

  test('OnDelete: a pod changes when somebody deletes it', () => {
    const { simulation, until, advance } = withBase();
    createSet(simulation, { updateStrategy: { type: 'OnDelete' } });
    until(() => readyPods(simulation).length === 3);
    setImage(simulation, 'nginx:2');
    advance(60_000);
    expect(images(simulation)).toEqual(['nginx:1', 'nginx:1', 'nginx:1']);
    const pod = simulation.world.pod('default', 'web-1');
    if (pod !== undefined) simulation.world.deletePod(pod);
    until(() => images(simulation)[1] === 'nginx:2');
  });

  test('an image that is not there stops the roll at one member', () => {
    const { simulation, until, advance } = withBase();
    createSet(simulation);
    until(() => readyPods(simulation).length === 3);
    setImage(simulation, 'nginx:broken');
    advance(120_000);
    expect(readyPods(simulation)).toEqual(['web-0', 'web-1']);
    const waiting = simulation.world.pod('default', 'web-2')?.status.containerStatuses[0]?.state.waiting;
    expect(waiting?.reason).toBe('ImagePullBackOff');
  });

  test('a member leaves a cordoned node for another of the zone its volume is in', () => {
    const { simulation, until } = withBase();
    createSet(simulation, { replicas: 1, volumeClaimTemplates: [dataClaim] });
    until(() => readyPods(simulation).length === 1);
    const from = nodeOfPod(simulation);
    cordon(simulation, from);
    deletePod(simulation);
    until(() => readyPods(simulation).length === 1 && nodeOfPod(simulation) !== from);
    expect(zoneOfNode(simulation, nodeOfPod(simulation))).toBe(zoneOfNode(simulation, from));
  });

  test('a member stays pending while every node is cordoned that its volume can be used on, and an event says why', () => {
    const { simulation, until, advance } = withBase();
    createSet(simulation, { replicas: 1, volumeClaimTemplates: [dataClaim] });
    until(() => readyPods(simulation).length === 1);
    const zone = zoneOfNode(simulation, nodeOfPod(simulation));
    const closed = simulation.world.nodes().filter(({ metadata }) => zoneOfNode(simulation, metadata.name) === zone);
    for (const { metadata } of closed) cordon(simulation, metadata.name);
    deletePod(simulation);
    advance(30_000);
    const scheduled = simulation.world
      .pod('default', 'web-0')
      ?.status.conditions.find(({ type }) => type === 'PodScheduled');
    expect(scheduled).toMatchObject({ status: 'False', reason: 'Unschedulable' });
    expect(scheduled?.message).toContain('2 node(s) were unschedulable, 4 node(s) had volume node affinity conflict');
  });

  test('scaled down it loses its highest member, and keeps the claim', () => {
    const { simulation, until } = withBase();
    const claim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } };
    createSet(simulation, { volumeClaimTemplates: [claim] });
    until(() => readyPods(simulation).length === 3);
    simulation.world.writes.mergePatch(at, 'web', { spec: { replicas: 2 } });
    until(() => pods(simulation).length === 2);
    expect(pods(simulation)).toEqual(['web-0', 'web-1']);
    expect(simulation.world.get('PersistentVolumeClaim', 'default', 'data-web-2')).toBeDefined();
  });
});

describe('jobs', () => {
  test('a Spark application that is suspended loses its driver, and gets another when it is resumed', async () => {
    const { addRunningJobs } = await import('#client/cluster/demo/simulation/scenario/jobs.ts');
    const { simulation, until } = withBase();
    addRunningJobs(simulation);
    const app = { ...at, kind: kindNamed('SparkApplication'), namespace: 'analytics' };
    const state = (): unknown =>
      recordOf(
        recordOf(simulation.world.get('SparkApplication', 'analytics', 'daily-report')?.['status'])['applicationState'],
      )['state'];
    until(
      () => simulation.world.pods('analytics').filter(({ metadata }) => metadata.name.includes('-exec-')).length === 3,
    );
    expect(state()).toBe('RUNNING');
    simulation.world.writes.mergePatch(app, 'daily-report', { spec: { suspend: true } });
    until(() => state() === 'SUSPENDED');
    expect(simulation.world.pod('analytics', 'daily-report-driver')).toBeUndefined();
    simulation.world.writes.mergePatch(app, 'daily-report', { spec: { suspend: false } });
    until(() => state() === 'RUNNING');
  });

  test('a Spark application that is made anew at once meets the driver of before, and is submitted again', async () => {
    const { addRunningJobs } = await import('#client/cluster/demo/simulation/scenario/jobs.ts');
    const { simulation, until } = withBase();
    addRunningJobs(simulation);
    const app = { ...at, kind: kindNamed('SparkApplication'), namespace: 'analytics' };
    const found = (): KubeObject | undefined => simulation.world.get('SparkApplication', 'analytics', 'daily-report');
    const state = (): unknown => recordOf(recordOf(found()?.['status'])['applicationState'])['state'];
    const make = (restartPolicy: object): void => {
      const before = found();
      if (before === undefined) throw new Error('It is not there.');
      simulation.world.remove(before);
      const { apiVersion, kind } = before;
      const spec = { ...recordOf(before['spec']), restartPolicy };
      simulation.world.writes.create(app, { apiVersion, kind, metadata: { name: 'daily-report' }, spec });
    };
    until(() => state() === 'RUNNING');
    make({ type: 'OnFailure', onSubmissionFailureRetries: 3, onSubmissionFailureRetryInterval: 5 });
    until(() => state() === 'SUBMISSION_FAILED');
    until(() => state() === 'RUNNING');
    make({ type: 'Never' });
    until(() => state() === 'FAILED');
  });

  test('a TFJob makes its replicas, tells them of each other, and is over when its chief is', async () => {
    const { addRunningJobs } = await import('#client/cluster/demo/simulation/scenario/jobs.ts');
    const { simulation, until } = withBase();
    simulation.trainingCourses.set('analytics/mnist-chief-0', () => ({
      endsAfterMs: 20_000,
      end: { exitCode: 0, reason: 'Completed' },
      lines: [],
    }));
    addRunningJobs(simulation);
    until(() => simulation.world.pod('analytics', 'mnist-worker-2')?.status.phase === 'Running');
    const variables = simulation.world.pod('analytics', 'mnist-worker-2')?.spec.containers[0]?.env ?? [];
    const config: unknown = JSON.parse(variables.find(({ name }) => name === 'TF_CONFIG')?.value ?? '{}');
    expect(config).toMatchObject({ task: { type: 'worker', index: 2 } });
    const conditions = (): string =>
      JSON.stringify(recordOf(simulation.world.get('TFJob', 'analytics', 'mnist')?.['status'])['conditions']);
    until(() => conditions().includes('Succeeded'));
    until(() =>
      simulation.world
        .pods('analytics')
        .every(({ metadata, status }) => !metadata.name.startsWith('mnist') || status.phase !== 'Running'),
    );
  });
});
