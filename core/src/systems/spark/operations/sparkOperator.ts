import { operatorVersion, recognizeOperator } from '#core/live/operators/recognize.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import type { Cluster } from '#core/live/ports.ts';
import type { Precondition, StepValue } from '#core/operations/model.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import type { Features } from '#core/systems/spark/operations/knowledge/editEffects.ts';
import type { OperatedKind } from '#core/systems/spark/operations/knowledge/kinds.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** The operator that would act on something, as its Deployment tells of it. */
export interface SparkOperatorFound {
  readonly check: Precondition;
  readonly parameters: Readonly<Record<string, StepValue>>;
  readonly features: Features;
  /** Empty when its image does not tell. */
  readonly version: string;
}

/** @throws ClusterProblem when not even the namespace itself can be looked into */
export async function findSparkOperator(
  cluster: Cluster,
  { flavour, operator }: OperatedKind,
  namespace: string,
): Promise<SparkOperatorFound> {
  const found = await findOperators(cluster, flavour, namespace);
  // The webhook has a Deployment of its own, and acts on nothing.
  const controllers = found.workloads.filter((one) => recognizeOperator(one)?.operator.title === operator);
  const own = { ...found, workloads: controllers };
  const [first] = controllers;
  return {
    check: checkOf(operatorCheck(operator, namespace, own), controllers.length),
    parameters: operatorParameters(own),
    features: { partialRestart: first === undefined ? undefined : hasPartialRestart(first) },
    version: first === undefined ? '' : versionOf(first),
  };
}

/** One that is not recognized may be there under an image of another name, or run elsewhere: the run shows it. */
function checkOf(check: Precondition, found: number): Precondition {
  if (check.state !== 'fails' || found > 0) return check;
  const fix =
    'It may run from an image of another name, or elsewhere. When nobody reacts, the run pauses within minutes.';
  return { ...check, state: 'warns', fix };
}

function versionOf(workload: LiveWorkload): string {
  const found = recognizeOperator(workload);
  return found ? operatorVersion(workload, found.container) : '';
}

/** Gates stand in one argument: `--feature-gates=PartialRestart=true,Other=false`. Alpha gates are off unless they are named. */
function hasPartialRestart(workload: LiveWorkload): boolean {
  const command = recognizeOperator(workload)?.container.command ?? '';
  return /(?:^| )--feature-gates(?:=| )\S*\bPartialRestart=true\b/.test(command);
}

/** The first version of the Kubeflow operator whose applications can be suspended. */
const SUSPEND_SINCE = '2.4';

/** Whether the operator of a version heeds `spec.suspend` of an application; undefined when that is not known. */
export function knowsSuspend({ operator }: OperatedKind, version: string): boolean | undefined {
  if (operator !== operatorNames['kubeflow-spark-operator']) return undefined;
  // Versions before 2 were named by the versions of the API and of Spark: v1beta2-1.6.2-3.5.0.
  if (/^v?1beta\d-/.test(version)) return false;
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const [sinceMajor = 0, sinceMinor = 0] = SUSPEND_SINCE.split('.').map(Number);
  return Number(major) > sinceMajor || (Number(major) === sinceMajor && Number(minor) >= sinceMinor);
}
