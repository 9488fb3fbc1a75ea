import {
  ownerReference,
  recordOf,
  textOr,
  type Container,
  type KubeObject,
  type NewObject,
  type Pod,
  type PodSpec,
} from '../objects.ts';
import type { ProgramSource } from '../programs.ts';
import { jobProgram, type JobCourse } from './jobProgram.ts';

interface PodDraft {
  readonly metadata: NewObject['metadata'];
  readonly spec: PodSpec;
}

export function driverPod(app: KubeObject, submission: string): PodDraft {
  return {
    metadata: {
      namespace: app.metadata.namespace ?? '',
      name: `${app.metadata.name}-driver`,
      labels: labelsOf(app, 'driver', submission),
      ownerReferences: [ownerReference(app)],
    },
    spec: podSpec(app, 'driver', 'spark-kubernetes-driver'),
  };
}

export function executorPod(app: KubeObject, driver: Pod, id: number): PodDraft {
  const submission = driver.metadata.labels?.['sparkoperator.k8s.io/submission-id'] ?? '';
  return {
    metadata: {
      namespace: app.metadata.namespace ?? '',
      name: `${app.metadata.name}-${submission}-exec-${id}`,
      labels: { ...labelsOf(app, 'executor', submission), 'spark-exec-id': String(id) },
      ownerReferences: [ownerReference(driver)],
    },
    spec: podSpec(app, 'executor', 'spark-kubernetes-executor'),
  };
}

function labelsOf(app: KubeObject, role: string, submission: string): Readonly<Record<string, string>> {
  return {
    'sparkoperator.k8s.io/app-name': app.metadata.name,
    'sparkoperator.k8s.io/submission-id': submission,
    'sparkoperator.k8s.io/launched-by-spark-operator': 'true',
    'spark-role': role,
    'spark-app-selector': `spark-${submission}`,
    'spark-version': textOr(recordOf(app['spec'])['sparkVersion'], ''),
  };
}

function podSpec(app: KubeObject, role: 'driver' | 'executor', name: string): PodSpec {
  const spec = recordOf(app['spec']);
  const part = recordOf(spec[role]);
  const memory = textOr(part['memory'], '1g').replace(/g$/, 'Gi').replace(/m$/, 'Mi');
  const container: Container = {
    name,
    image: textOr(spec['image'], 'apache/spark:4.0.1'),
    args: [
      role,
      ...(role === 'driver' ? ['--class', textOr(spec['mainClass'], ''), textOr(spec['mainApplicationFile'], '')] : []),
    ],
    resources: { requests: { cpu: textOr(part['cores'], '1'), memory }, limits: { memory } },
    ports: role === 'driver' ? [{ name: 'spark-ui', containerPort: 4040 }] : [],
  };
  return {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 30,
    serviceAccountName: 'spark',
    containers: [container],
  };
}

/** How the driver of an application fares, by `namespace/name` of the application. */
export type SparkCourses = ReadonlyMap<string, Pick<JobCourse, 'endsAfterMs' | 'end' | 'lines'>>;

const EXECUTOR_LINES = [
  { afterMs: 800, text: 'INFO CoarseGrainedExecutorBackend: Successfully registered with driver' },
  { afterMs: 4000, text: 'INFO Executor: Running task 3.0 in stage 0.0 (TID 3)' },
];

export function sparkPrograms(
  courses: SparkCourses,
  log: (pod: Pod, container: string, text: string, at: number) => void,
): ProgramSource {
  return (pod, container, now) => {
    const role = pod.metadata.labels?.['spark-role'];
    if (role === undefined) return undefined;
    const app = `${pod.metadata.namespace ?? ''}/${pod.metadata.labels?.['sparkoperator.k8s.io/app-name'] ?? ''}`;
    const course = role === 'driver' ? courses.get(app) : undefined;
    const usual: JobCourse = {
      endsAfterMs: undefined,
      end: { exitCode: 0, reason: 'Completed' },
      lines:
        role === 'driver'
          ? [{ afterMs: 1500, text: 'INFO SparkContext: Running Spark version 4.0.1' }]
          : EXECUTOR_LINES,
    };
    return jobProgram(now, course ?? usual, (text, at) => log(pod, container.name, text, at));
  };
}
