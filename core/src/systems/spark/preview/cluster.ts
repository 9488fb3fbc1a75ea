import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { countOf, exactly, wholeNumber } from '#core/preview/amounts.ts';
import { identityOf, templateNotes } from '#core/preview/identity.ts';
import type { ContainerPreview, CountPreview, ObjectPreview, PodPreview, Preview } from '#core/preview/model.ts';
import { bareContainer, containersOf, templateMounts } from '#core/preview/podSpec.ts';
import { nameOf, readFirst, textOr } from '#core/preview/reading.ts';
import { totalsOf } from '#core/preview/totals.ts';
import { APACHE_OPERATOR } from '#core/systems/spark/preview/apache.ts';

type ClusterRole = 'master' | 'worker';

/**
 * What the operator of Apache makes of a SparkCluster: a master and workers that Spark itself manages. Pods ask for what their templates
 * say and for nothing else. Source: apache/spark-kubernetes-operator 1.0.0 SparkClusterResourceSpec.
 */
export function foretellCluster(object: ObjectView): Preview {
  const { spec } = object;
  const name = nameOf(object.metadata.field('name'));
  const instances = spec.at('clusterTolerations', 'instanceConfig');
  const workers = workerCount(instances);
  const pods = [podsOf(spec, name, 'master', exactly(1)), podsOf(spec, name, 'worker', workers)];
  const totals = totalsOf(pods);
  return {
    ...identityOf(object),
    operator: APACHE_OPERATOR,
    summary: `The operator creates 1 master and its workers (${workers.text}), each as a StatefulSet.`,
    pods,
    ...(totals ? { totals } : {}),
    objects: objectsOf(instances, name),
    mounts: (['master', 'worker'] as const).flatMap((role) => templateMounts(role, templateOf(spec, role))),
    behaviour: [
      {
        subject: 'When the specification is changed',
        text: 'Nothing happens to a cluster that runs: scale the StatefulSet of its workers, or delete it and create it again.',
      },
      {
        subject: 'When a pod is stopped',
        text: 'It ends at once: its grace period is 0 seconds, so workers hand over nothing.',
      },
    ],
    texts: [],
    unknowns: templateNotes(spec),
  };
}

function templateOf(spec: NodeView, role: ClusterRole): NodeView {
  return spec.at(`${role}Spec`, 'statefulSetSpec', 'template', 'spec');
}

function podsOf(spec: NodeView, name: string, role: ClusterRole, count: CountPreview): PodPreview {
  const written = containersOf(templateOf(spec, role));
  const image = textOr(readFirst(spec.at('sparkConf').field('spark.kubernetes.container.image')), '');
  const own: ContainerPreview = written.find((container) => container.name === role) ?? bareContainer(role, image);
  return {
    role,
    names: role === 'master' ? [`${name}-master-0`] : [`${name}-worker-<number>`],
    count,
    containers: [own, ...written.filter((container) => container !== own)],
    memoryParts: [],
  };
}

/** It begins with initWorkers; an autoscaler moves between minimum and maximum where they differ. */
function workerCount(instances: NodeView): CountPreview {
  const begin = countOf(instances.field('initWorkers'), 0);
  const [least, most] = boundsOf(instances);
  if (least === undefined || most === undefined || least >= most) return begin;
  return { text: `${least} to ${most}, ${begin.text} at the start`, least, most };
}

function boundsOf(instances: NodeView): readonly (number | undefined)[] {
  return ['minWorkers', 'maxWorkers'].map((field) => wholeNumber(textOr(readFirst(instances.field(field)), '0')));
}

function objectsOf(instances: NodeView, name: string): readonly ObjectPreview[] {
  const [least, most] = boundsOf(instances);
  const scales = least !== undefined && most !== undefined && least < most;
  return [
    { kind: 'StatefulSet', name: `${name}-master`, what: '1 pod.' },
    { kind: 'StatefulSet', name: `${name}-worker`, what: 'Its pods start at the same time (Parallel).' },
    { kind: 'Service', name: `${name}-master-svc`, what: 'Web 8080, Spark 7077, REST 6066.' },
    { kind: 'Service', name: `${name}-worker-svc`, what: 'Web 8081.' },
    { kind: 'NetworkPolicy', name: '<name>', what: 'Who may reach the workers.' },
    ...(scales
      ? [{ kind: 'HorizontalPodAutoscaler', name: `${name}-worker-hpa`, what: `From ${least} to ${most} workers.` }]
      : []),
    ...(least !== undefined && least >= 1
      ? [{ kind: 'PodDisruptionBudget', name: `${name}-worker-pdb`, what: 'At least 1 worker stays up.' }]
      : []),
  ];
}
