import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { exactly } from '#core/preview/amounts.ts';
import { identityOf, templateNotes } from '#core/preview/identity.ts';
import type { Preview } from '#core/preview/model.ts';
import { containerOf } from '#core/preview/podSpec.ts';
import { isTrue, nameOf, readFirst, textOr } from '#core/preview/reading.ts';
import { totalsOf } from '#core/preview/totals.ts';
import { executorCount } from '#core/systems/spark/preview/executors.ts';
import { kubeflowBehaviour, scheduleBehaviour } from '#core/systems/spark/preview/kubeflowBehaviour.ts';
import { kubeflowMounts } from '#core/systems/spark/preview/kubeflowMounts.ts';
import { kubeflowObjects } from '#core/systems/spark/preview/kubeflowObjects.ts';
import { DRIVER_CONTAINER, EXECUTOR_CONTAINER, executorNames, sparkPod } from '#core/systems/spark/preview/pods.ts';
import { languageOf, type SparkPodRole, type SparkSource } from '#core/systems/spark/preview/source.ts';
import { jobSpec, parseSparkVersion, SCHEDULE } from '#core/systems/spark/rules/job.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

export const KUBEFLOW_OPERATOR = operatorNames['kubeflow-spark-operator'];

/**
 * What the operator of Kubeflow makes of a SparkApplication, or of one run of a ScheduledSparkApplication.
 * Source: spark-operator 2.5.2, its submission, web UI, ingress and webhook; Apache Spark 4.0 for what spark-submit and the driver create.
 */
export function foretellKubeflow(object: ObjectView): Preview {
  const spec = jobSpec(object);
  const isSchedule = object.groupKind === SCHEDULE;
  const own = nameOf(object.metadata.field('name'));
  const name = isSchedule ? `${own}-<time>` : own;
  const pods = [driverPod(spec, name), executorPods(spec, name)];
  const totals = totalsOf(pods);
  return {
    ...identityOf(object),
    operator: KUBEFLOW_OPERATOR,
    summary: summaryOf(object, isSchedule, pods[1]?.count.text ?? ''),
    pods,
    ...(totals ? { totals } : {}),
    objects: kubeflowObjects(spec, name, isSchedule ? own : undefined),
    mounts: kubeflowMounts(spec),
    behaviour: [...(isSchedule ? scheduleBehaviour(object.spec) : []), ...kubeflowBehaviour(spec, isSchedule)],
    texts: [],
    unknowns: unknownsOf(spec),
  };
}

function summaryOf({ spec }: ObjectView, isSchedule: boolean, executors: string): string {
  const pods = `1 driver and its executors (${executors})`;
  const isHeld = isTrue(spec.field('suspend'));
  if (isSchedule) {
    return isHeld
      ? `The schedule is suspended: no run starts until suspend is false. A run is then a SparkApplication with ${pods}.`
      : `Each run is a SparkApplication of its own with ${pods}.`;
  }
  return isHeld
    ? `The application is suspended: nothing is created until suspend is false. Then it is ${pods}.`
    : `The operator submits the application; Spark creates ${pods}.`;
}

function sourceOf(spec: NodeView, role: SparkPodRole): SparkSource {
  return {
    role,
    conf: spec.field('sparkConf'),
    fields: spec.field(role),
    factorField: spec.field('memoryOverheadFactor'),
    language: languageOf(readFirst(spec.field('mainApplicationFile')), readFirst(spec.field('type'))),
  };
}

function driverPod(spec: NodeView, name: string) {
  const source = sourceOf(spec, 'driver');
  const podName = readFirst(spec.at('driver', 'podName'), source.conf.field('spark.kubernetes.driver.pod.name'));
  return sparkPod({
    source,
    names: [podName.state === 'unknown' ? '<name>' : textOr(podName, `${name}-driver`)],
    count: exactly(1),
    container: DRIVER_CONTAINER,
    image: imageOf(spec, 'driver'),
    template: spec.at('driver', 'template', 'spec'),
    added: addedContainers(spec.field('driver')),
  });
}

function executorPods(spec: NodeView, name: string) {
  const source = sourceOf(spec, 'executor');
  return sparkPod({
    source,
    names: [executorNames(source.conf, name)],
    count: executorCount({
      conf: source.conf,
      allocation: spec.field('dynamicAllocation'),
      instances: spec.at('executor', 'instances'),
      fallback: 1,
    }),
    container: isSpark2(spec) ? 'executor' : EXECUTOR_CONTAINER,
    image: imageOf(spec, 'executor'),
    template: spec.at('executor', 'template', 'spec'),
    added: addedContainers(spec.field('executor')),
  });
}

function imageOf(spec: NodeView, role: SparkPodRole) {
  return readFirst(spec.at(role, 'image'), spec.field('image'));
}

function addedContainers(role: NodeView) {
  return [
    ...role.field('sidecars').items.map((view) => containerOf(view, false)),
    ...role.field('initContainers').items.map((view) => containerOf(view, true)),
  ];
}

/** Spark 2.4 named the container of executors differently, and knew no pod templates in the operator. */
function isSpark2(spec: NodeView): boolean {
  const version = parseSparkVersion(spec.field('sparkVersion').text ?? '');
  return version !== undefined && version[0] < 3;
}

function unknownsOf(spec: NodeView): readonly string[] {
  const hasTemplate = ['driver', 'executor'].some((role) => spec.at(role, 'template').isPresent);
  return [
    'A program may give itself another name; its executors are then named after that.',
    'Whether the operator makes Services and an Ingress for the Spark UI depends on how it was started.',
    ...(hasTemplate
      ? [
          'Pods with a template are not marked for the webhook of the operator. Whether volumes, ConfigMaps, limits and other fields beside the template still reach them depends on how that webhook selects pods.',
        ]
      : []),
    ...templateNotes(spec),
  ];
}
