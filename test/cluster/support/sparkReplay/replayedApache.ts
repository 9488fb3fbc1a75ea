import { numberAt, objectAt, scalarText, textAt, textsAt, type JsonObject } from '#core/json.ts';
import type { ResourceKind } from '#core/live/ports.ts';
import { isRunning, playDriver } from './replayedExecutors.ts';
import { isDeleted, isOver, kinds, labelOf, nameOf, phaseOf, uidOf } from './replayApi.ts';
import { driverArgs, podOf } from './replayedPods.ts';
import type { Round } from './round.ts';

/** A SparkApplication of the Apache operator in one round. */
interface View {
  readonly round: Round;
  readonly application: JsonObject;
  readonly pods: readonly JsonObject[];
  readonly driver: JsonObject | undefined;
}

type Next = string | undefined | Promise<string | undefined>;

/** By the state that is left. The operator runs an application once and takes no notice of edits: issue 779. */
const transitions: Readonly<Record<string, (view: View) => Next>> = {
  '': () => 'Submitted',
  Submitted: async (view) => {
    // One that is there already is the own one, whose status could not be written in time.
    if (view.driver === undefined) await requestDriver(view);
    return 'DriverRequested';
  },
  DriverRequested: ({ driver }) => (isRunning(driver) || isOver(driver) ? 'DriverStarted' : undefined),
  DriverStarted: () => 'DriverReady',
  DriverReady: async (view) => ((await playRun(view)) ? 'RunningHealthy' : afterDriver(view)),
  RunningHealthy: async (view) => {
    await playRun(view);
    return afterDriver(view);
  },
  Succeeded: release,
  Failed: release,
};

/** Plays one application forward by one state at most; one that is deleted is released once its pods are gone. */
export async function playApacheApplication(round: Round, application: JsonObject): Promise<void> {
  const pods = round.pods.filter((pod) => labelOf(pod, 'spark.operator/spark-app-name') === nameOf(application));
  const driver = pods.find((pod) => labelOf(pod, 'spark-role') === 'driver');
  if (await isReleasing(round, kinds.apacheApplication, application, pods, driver)) return;
  const now = textAt(application, 'status', 'currentState', 'currentStateSummary');
  if (round.isEarly(uidOf(application), now)) return;
  const next = await transitions[now]?.({ round, application, pods, driver });
  if (next !== undefined) await round.api.status(kinds.apacheApplication, application, statusOf(application, next));
}

/** Its operator holds what it looks after by a finalizer, and lets it go when its pods are gone. */
export async function isReleasing(
  round: Round,
  kind: ResourceKind,
  object: JsonObject,
  pods: readonly JsonObject[],
  first: JsonObject | undefined,
): Promise<boolean> {
  const held = textsAt(object, 'metadata', 'finalizers');
  if (!isDeleted(object)) {
    if (held.length > 0) return false;
    await round.api.finalizers(kind, object, [`${kind.plural}.${kind.group}/finalizer`]);
    return true;
  }
  if (first !== undefined) await round.api.remove(kinds.pod, first);
  if (pods.length === 0 && held.length > 0) await round.api.finalizers(kind, object, []);
  return true;
}

export function statusOf(object: JsonObject, summary: string, message = ''): JsonObject {
  const at = new Date().toISOString();
  const state = { currentStateSummary: summary, message, lastTransitionTime: at };
  const history = objectAt(object, 'status', 'stateTransitionHistory');
  return {
    currentState: state,
    stateTransitionHistory: { [String(Object.keys(history).length)]: state },
    currentAttemptSummary: { attemptInfo: { id: 0 } },
  };
}

/** Whether as many executors run as it begins with. */
async function playRun({ round, application, pods, driver }: View): Promise<boolean> {
  if (driver === undefined) return false;
  const count = Number(scalarText(objectAt(application, 'spec', 'sparkConf')['spark.executor.instances']) || '1');
  await playDriver(round.api, pods, driver, { count, labels: labelsOf(application) });
  const running = pods.filter((pod) => labelOf(pod, 'spark-role') === 'executor' && isRunning(pod));
  const least = numberAt(application, 'spec', 'applicationTolerations', 'instanceConfig', 'initExecutors') ?? count;
  return isRunning(driver) && running.length >= least;
}

function afterDriver({ driver }: View): string | undefined {
  if (driver === undefined) return 'Failed';
  return isOver(driver) ? phaseOf(driver) : undefined;
}

/** resourceRetainPolicy Never, as it is when nothing is said. */
async function release({ round, driver, pods }: View): Promise<string | undefined> {
  if (driver !== undefined) await round.api.remove(kinds.pod, driver);
  return pods.length > 0 ? undefined : 'ResourceReleased';
}

const requestDriver = ({ round, application }: View): Promise<void> =>
  round.api.create(
    kinds.pod,
    podOf({
      name: `${nameOf(application)}-0-driver`,
      labels: { ...labelsOf(application), 'spark-role': 'driver' },
      container: 'spark-kubernetes-driver',
      args: driverArgs(textsAt(application, 'spec', 'driverArgs')),
      owner: application,
    }),
  );

const labelsOf = (application: JsonObject): Readonly<Record<string, string>> => ({
  'spark.operator/name': 'spark-kubernetes-operator',
  'spark.operator/spark-app-name': nameOf(application),
  'spark-app-selector': `${nameOf(application)}-0`,
  'spark-version': textAt(application, 'spec', 'runtimeVersions', 'sparkVersion'),
});
