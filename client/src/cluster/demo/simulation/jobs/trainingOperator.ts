import { kindNamed } from '../kinds.ts';
import {
  ownerReference,
  recordOf,
  textOr,
  timeText,
  type Condition,
  type Container,
  type KubeObject,
  type Pod,
} from '../objects.ts';
import type { ProgramSource } from '../programs.ts';
import type { World } from '../world.ts';
import { jobProgram, type JobCourse } from './jobProgram.ts';

interface ReplicaSpec {
  readonly replicas: number;
  readonly restartPolicy: string;
  readonly template: Readonly<Record<string, unknown>>;
}

const COMPONENT = 'tfjob-controller';

/** The Kubeflow Training Operator, for TFJobs. */
export class TrainingOperator {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  tick(now: number): void {
    if (this.#isScaledAway()) return;
    for (const job of this.#world.store.list(kindNamed('TFJob'))) this.#reconcile(job, now);
  }

  /** Somebody has given its Deployment no replicas; a simulation without one has the operator all the same. */
  #isScaledAway(): boolean {
    const deployments = this.#world.store.list(kindNamed('Deployment'));
    const own = deployments.find(({ metadata }) => metadata.name === 'training-operator');
    return own !== undefined && recordOf(own['spec'])['replicas'] === 0;
  }

  #reconcile(job: KubeObject, now: number): void {
    const conditions = conditionsOf(job);
    if (isTrue(conditions, 'Succeeded') || isTrue(conditions, 'Failed')) return;
    const pods = this.#podsOf(job);
    if (recordOf(recordOf(job['spec'])['runPolicy'])['suspend'] === true) {
      for (const pod of pods) this.#world.deletePod(pod);
      this.#report(
        job,
        pods,
        change(conditions, 'Suspended', 'TFJobSuspended', `TFJob ${job.metadata.name} is suspended.`, now),
        now,
      );
      return;
    }
    for (const [type, replica] of replicasOf(job)) this.#keepReplicas(job, type, replica, pods);
    this.#report(job, this.#podsOf(job), this.#judge(job, conditions, now), now);
  }

  #keepReplicas(job: KubeObject, type: string, replica: ReplicaSpec, pods: readonly Pod[]): void {
    for (let index = 0; index < replica.replicas; index++) {
      const name = `${job.metadata.name}-${type.toLowerCase()}-${index}`;
      const pod = pods.find(({ metadata }) => metadata.name === name);
      if (pod === undefined) this.#addPod(job, type, replica, index, name);
      else if (pod.status.phase === 'Failed' && isRetried(replica, pod)) this.#world.deletePod(pod, 0);
    }
    for (const pod of pods) {
      const { labels } = pod.metadata;
      const isSurplus =
        labels?.['training.kubeflow.org/replica-type'] === type.toLowerCase() &&
        Number(labels['training.kubeflow.org/replica-index']) >= replica.replicas;
      if (isSurplus) this.#world.deletePod(pod);
    }
  }

  #addPod(job: KubeObject, type: string, replica: ReplicaSpec, index: number, name: string): void {
    const { namespace = '' } = job.metadata;
    const labels = {
      'training.kubeflow.org/job-name': job.metadata.name,
      'training.kubeflow.org/operator-name': 'tfjob-controller',
      'training.kubeflow.org/replica-type': type.toLowerCase(),
      'training.kubeflow.org/replica-index': String(index),
      ...((type === 'Chief' || type === 'Master') && { 'training.kubeflow.org/job-role': 'master' }),
    };
    const spec = recordOf(replica.template['spec']);
    const containers = (Array.isArray(spec['containers']) ? spec['containers'] : []) as readonly Container[];
    this.#world.addPod({
      metadata: { namespace, name, labels, ownerReferences: [ownerReference(job)] },
      spec: {
        ...spec,
        restartPolicy: replica.restartPolicy === 'ExitCode' ? 'Never' : replica.restartPolicy,
        terminationGracePeriodSeconds: 30,
        containers: containers.map((container) => ({
          ...container,
          ports: [...(container.ports ?? []), { name: 'tfjob-port', containerPort: 2222 }],
          env: [...(container.env ?? []), { name: 'TF_CONFIG', value: tfConfig(job, type, index) }],
        })),
      },
    });
    if (this.#world.get('Service', namespace, name) === undefined) {
      this.#world.add({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace, name, labels, ownerReferences: [ownerReference(job)] },
        spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'tfjob-port', port: 2222 }] },
      });
    }
    this.#world.event(job, 'Normal', 'SuccessfulCreatePod', `Created pod: ${name}`, COMPONENT);
  }

  #judge(job: KubeObject, conditions: readonly Condition[], now: number): readonly Condition[] {
    const { name } = job.metadata;
    const pods = this.#podsOf(job);
    const created =
      conditions.length > 0
        ? resumed(conditions, name, now)
        : change([], 'Created', 'TFJobCreated', `TFJob ${name} is created.`, now);
    const leader =
      pods.find(({ metadata }) => /-(?:chief|master)-0$/.test(metadata.name)) ??
      pods.find(({ metadata }) => metadata.name.endsWith('-worker-0'));
    if (leader?.status.phase === 'Succeeded') {
      for (const pod of pods) if (pod.status.phase === 'Running') this.#world.deletePod(pod);
      return change(created, 'Succeeded', 'TFJobSucceeded', `TFJob ${name} successfully completed.`, now);
    }
    const failed = pods.find(({ status }) => status.phase === 'Failed');
    if (failed !== undefined)
      return change(
        created,
        'Failed',
        'TFJobFailed',
        `TFJob ${name} has failed because ${failed.metadata.name} failed.`,
        now,
      );
    if (pods.some(({ status }) => status.phase === 'Running'))
      return change(created, 'Running', 'TFJobRunning', `TFJob ${name} is running.`, now);
    return created;
  }

  #report(job: KubeObject, pods: readonly Pod[], conditions: readonly Condition[], now: number): void {
    const isOver = isTrue(conditions, 'Succeeded') || isTrue(conditions, 'Failed');
    const status = recordOf(job['status']);
    const replicaStatuses = Object.fromEntries(
      replicasOf(job).map(([type]) => {
        const own = pods.filter(
          ({ metadata }) => metadata.labels?.['training.kubeflow.org/replica-type'] === type.toLowerCase(),
        );
        const count = (phase: string): number => own.filter((pod) => pod.status.phase === phase).length;
        return [type, { active: count('Running'), succeeded: count('Succeeded'), failed: count('Failed') }];
      }),
    );
    const current = this.#world.get('TFJob', job.metadata.namespace ?? '', job.metadata.name);
    if (current === undefined) return;
    this.#world.setStatus(current, {
      ...(isTrue(conditions, 'Suspended') ? {} : { startTime: status['startTime'] ?? timeText(now) }),
      conditions,
      replicaStatuses,
      ...(isOver && { completionTime: status['completionTime'] ?? timeText(now) }),
    });
  }

  #podsOf(job: KubeObject): readonly Pod[] {
    return this.#world
      .pods(job.metadata.namespace)
      .filter(({ metadata }) => metadata.labels?.['training.kubeflow.org/job-name'] === job.metadata.name);
  }
}

/** How the container of a replica fares, by `namespace/pod`, each time it is started. */
export type TrainingCourses = ReadonlyMap<string, (container: Container) => JobCourse>;

export function trainingPrograms(
  courses: TrainingCourses,
  log: (pod: Pod, container: string, text: string, at: number) => void,
): ProgramSource {
  return (pod, container, now) => {
    if (pod.metadata.labels?.['training.kubeflow.org/job-name'] === undefined) return undefined;
    const course = courses.get(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`)?.(container) ?? {
      endsAfterMs: undefined,
      end: { exitCode: 0, reason: 'Completed' as const },
      lines: [{ afterMs: 2000, text: 'step 0: loss = 2.3021' }],
    };
    return jobProgram(now, course, (text, at) => log(pod, container.name, text, at));
  };
}

function replicasOf(job: KubeObject): readonly (readonly [string, ReplicaSpec])[] {
  return Object.entries(recordOf(recordOf(job['spec'])['tfReplicaSpecs'])).map(([type, value]) => {
    const replica = recordOf(value);
    return [
      type,
      {
        replicas: Number(replica['replicas'] ?? 1),
        restartPolicy: textOr(replica['restartPolicy'], 'Never'),
        template: recordOf(replica['template']),
      },
    ] as const;
  });
}

/** ExitCode: from 128 on it is tried again. */
function isRetried({ restartPolicy }: ReplicaSpec, pod: Pod): boolean {
  const code = pod.status.containerStatuses[0]?.state.terminated?.exitCode ?? 0;
  return restartPolicy === 'ExitCode' ? code >= 128 : restartPolicy !== 'Never';
}

function tfConfig(job: KubeObject, type: string, index: number): string {
  const cluster = Object.fromEntries(
    replicasOf(job).map(([name, { replicas }]) => [
      name.toLowerCase(),
      Array.from(
        { length: replicas },
        (_, at) => `${job.metadata.name}-${name.toLowerCase()}-${at}.${job.metadata.namespace ?? ''}.svc:2222`,
      ),
    ]),
  );
  return JSON.stringify({ cluster, task: { type: type.toLowerCase(), index }, environment: 'cloud' });
}

function conditionsOf(job: KubeObject): readonly Condition[] {
  const { conditions } = recordOf(job['status']);
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : [];
}

function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

/** Running, Suspended, Succeeded and Failed displace each other; Created stays. */
function change(
  conditions: readonly Condition[],
  type: string,
  reason: string,
  message: string,
  now: number,
): readonly Condition[] {
  if (isTrue(conditions, type)) return conditions;
  const time = timeText(now);
  const others = conditions
    .filter((condition) => condition.type !== type)
    .map((condition) => (condition.type === 'Created' ? condition : { ...condition, status: 'False' }));
  return [...others, { type, status: 'True', reason, message, lastTransitionTime: time }];
}

/** A job that goes on is no longer suspended, whether its pods run yet or not. */
function resumed(conditions: readonly Condition[], name: string, now: number): readonly Condition[] {
  return conditions.map((condition) =>
    condition.type === 'Suspended' && condition.status === 'True'
      ? {
          ...condition,
          status: 'False',
          reason: 'TFJobResumed',
          message: `TFJob ${name} is resumed.`,
          lastTransitionTime: timeText(now),
        }
      : condition,
  );
}
