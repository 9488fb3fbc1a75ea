import {
  evidenceOf,
  healthOf,
  judge,
  judgeUnknownState,
  judgeJobPod,
  judgePickUp,
  type StateRow,
} from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenHealth } from '#core/live/jobs/unseen.ts';
import type { DataCluster, Health, HealthLevel, LiveMember } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { podTrouble } from '#core/live/podTrouble.ts';
import { isSetAt, listAt, numberAt, textAt } from '#core/live/reading.ts';
import { makeSparkCluster } from '#core/systems/spark/live/cluster.ts';
import { summarizeExecutors } from '#core/systems/spark/live/executors.ts';
import { KUBEFLOW_FLAVOUR, KUBEFLOW_GROUP } from '#core/systems/spark/live/kubeflow.ts';
import {
  absentMember,
  containerAmong,
  DRIVER_CONTAINER,
  executorMember,
  labels,
  roleOf,
  sortExecutors,
  type SparkObjects,
  sparkMember,
} from '#core/systems/spark/live/pods.ts';

const KIND = 'SparkConnect';

export function gatherConnects(objects: SparkObjects): readonly DataCluster[] {
  return objects.customs.filter(isConnect).map((resource) => {
    const version = textAt(resource.spec, 'sparkVersion');
    return makeSparkCluster(objects, {
      name: resource.meta.name,
      suffix: `${KIND}.${KUBEFLOW_GROUP}`.toLowerCase(),
      flavour: KUBEFLOW_FLAVOUR,
      resource,
      members: gatherMembers(resource, objects, version),
      wanted: isSetAt(resource.spec, 'dynamicAllocation', 'enabled') ? undefined : executorsWanted(resource) + 1,
      version,
    });
  });
}

export function isConnect({ group, customKind }: LiveCustom): boolean {
  return group === KUBEFLOW_GROUP && customKind === KIND;
}

function gatherMembers(resource: LiveCustom, objects: SparkObjects, version: string): readonly LiveMember[] {
  const pods = objects.podsLabelled(labels.kubeflowConnect, resource.meta.name);
  const server = pods.find((pod) => roleOf(pod) === 'connect-server');
  const podName = textAt(resource.status, 'server', 'podName') || `${resource.meta.name}-server`;
  const first =
    server === undefined
      ? absentMember(podName, 'server', DRIVER_CONTAINER, version)
      : sparkMember(server, 'server', containerAmong(server, [DRIVER_CONTAINER]));
  return [first, ...sortExecutors(pods.filter((pod) => roleOf(pod) === 'executor').map(executorMember))];
}

function executorsWanted({ spec }: LiveCustom): number {
  return numberAt(spec, 'executor', 'instances') ?? 1;
}

interface Connect {
  readonly cluster: DataCluster;
  readonly resource: LiveCustom;
  readonly server: LiveMember | undefined;
  readonly now: number;
}

/** Source: SparkConnectState of the Kubeflow operator 2.5. */
const states: ReadonlyMap<string, StateRow<Connect>> = new Map<string, StateRow<Connect>>([
  [
    '',
    {
      level: ({ resource, now }) => judgePickUp(resource.meta.createdAt, now).level,
      text: ({ resource, now }) => judgePickUp(resource.meta.createdAt, now).text,
    },
  ],
  ['Provisioning', { level: levelOfStart, text: (view) => describeServer(view) ?? 'the server is being made' }],
  ['Ready', { level: levelOfServing, text: describeServing }],
  [
    'NotReady',
    {
      level: levelOfAbsence,
      text: (view) => describeServer(view) ?? `the server is not ready${describeCondition(view)}`,
    },
  ],
  ['Failed', { level: 'unhealthy', text: (view) => `failed${describeCondition(view)}` }],
]);

export function judgeConnect(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const view: Connect = { cluster, resource, server: cluster.members.find(({ role }) => role === 'server'), now };
  const state = textAt(resource.status, 'state');
  if (arePodsHidden(cluster) && state === 'Ready') return unseenHealth(state);
  const row = states.get(state);
  const judgement = row === undefined ? judgeUnknownState(state) : judge(row, view);
  const judged = view.server === undefined ? undefined : judgeJobPod(view.server, now);
  return healthOf(judgement, [
    { ...judgement, source: 'operator' },
    ...(view.server === undefined || judged === undefined ? [] : [evidenceOf(view.server, judged)]),
    ...summarize(view).evidence,
  ]);
}

function summarize({ cluster, resource, now }: Connect): ReturnType<typeof summarizeExecutors> {
  const isDynamic = isSetAt(resource.spec, 'dynamicAllocation', 'enabled');
  return summarizeExecutors(cluster, isDynamic ? undefined : executorsWanted(resource), now);
}

function levelOfStart({ server, now }: Connect): HealthLevel {
  return (server?.pod === undefined ? undefined : podTrouble(server.pod, now)?.level) ?? 'working';
}

function levelOfAbsence({ server, now }: Connect): HealthLevel {
  const level = server?.pod === undefined ? undefined : podTrouble(server.pod, now)?.level;
  return level ?? 'unhealthy';
}

function levelOfServing(view: Connect): HealthLevel {
  const trouble = view.server?.pod === undefined ? undefined : podTrouble(view.server.pod, view.now);
  if (trouble !== undefined) return trouble.level;
  const { running, wanted, hasTrouble } = summarize(view);
  return hasTrouble || (wanted !== undefined && running < wanted) ? 'warning' : 'healthy';
}

function describeServing(view: Connect): string {
  return describeServer(view) ?? `ready, ${summarize(view).text}`;
}

function describeServer({ server, now }: Connect): string | undefined {
  const trouble = server?.pod === undefined ? undefined : podTrouble(server.pod, now);
  return trouble === undefined ? undefined : `server ${trouble.sentence}`;
}

function describeCondition({ resource }: Connect): string {
  const condition = listAt(resource.status, 'conditions').find((value) => textAt(value, 'type') === 'ServerPodReady');
  const message = messageText(textAt(condition, 'message') || textAt(condition, 'reason'));
  return message === '' ? '' : `: ${message}`;
}
