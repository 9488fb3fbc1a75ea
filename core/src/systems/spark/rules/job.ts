import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const APPLICATION = 'sparkoperator.k8s.io/SparkApplication';
export const SCHEDULE = 'sparkoperator.k8s.io/ScheduledSparkApplication';
export const CONNECT = 'sparkoperator.k8s.io/SparkConnect';
export const APACHE_APPLICATION = 'spark.apache.org/SparkApplication';

/** Kinds of the Kubeflow operator that describe a job: one run now, or one run again and again. */
export const JOBS: readonly string[] = [APPLICATION, SCHEDULE];

/** What describes the job: the spec, and in a schedule its template. */
export function jobSpec({ groupKind, spec }: ObjectView): NodeView {
  return groupKind === SCHEDULE ? spec.field('template') : spec;
}

export interface SparkRole {
  readonly name: 'driver' | 'executor' | 'server';
  readonly view: NodeView;
}

/** The two sorts of pods an object makes: driver and executors, or the server of SparkConnect and its executors. */
export function rolesOf(object: ObjectView): readonly SparkRole[] {
  const spec = jobSpec(object);
  const first = object.groupKind === CONNECT ? 'server' : 'driver';
  return [
    { name: first, view: spec.field(first) },
    { name: 'executor', view: spec.field('executor') },
  ];
}

/** The setting of a key in `sparkConf`, whether it is there or not. */
export function setting(object: ObjectView, key: string): NodeView {
  return jobSpec(object).field('sparkConf').field(key);
}

/** Whether it is certain that no key of `sparkConf` matches. */
export function hasNoSetting(object: ObjectView, pattern: RegExp): boolean {
  const conf = jobSpec(object).field('sparkConf');
  return !conf.isOpen && !conf.fields.some(({ step }) => pattern.test(String(step)));
}

/** The three numbers of a Spark version, `3.5` as 3.5.0; undefined when it is none. */
export function parseSparkVersion(text: string): readonly [number, number, number] | undefined {
  const match = /^v?(\d+)(?:\.(\d+)(?:\.(\d+)(?:[-+].*)?)?)?$/.exec(text);
  return match ? [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)] : undefined;
}
