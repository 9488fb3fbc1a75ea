import { randomUUID } from 'node:crypto';
import { isSetAt, numberAt, objectAt, textAt, textsAt, type JsonObject } from '#core/json.ts';
import { executorStates, exitCodeOf, isRunning, playDriver } from './replayedExecutors.ts';
import { isDeleted, isOver, kinds, labelOf, nameOf, phaseOf, uidOf } from './replayApi.ts';
import { driverArgs, podOf, UI_PORT } from './replayedPods.ts';
import type { Round } from './round.ts';

/** A SparkApplication of the Kubeflow operator in one round. */
interface View {
  readonly round: Round;
  readonly application: JsonObject;
  readonly name: string;
  readonly pods: readonly JsonObject[];
  readonly driver: JsonObject | undefined;
}

/** What the status becomes; undefined while nothing has happened. */
type Next = JsonObject | undefined | Promise<JsonObject | undefined>;

const state = (name: string, errorMessage = ''): JsonObject => ({
  applicationState: errorMessage === '' ? { state: name } : { state: name, errorMessage },
});

/** By the state that is left. Source of the order: the reconciler of the operator 2.5. */
const transitions: Readonly<Record<string, (view: View) => Next>> = {
  '': submit,
  SUBMITTED: ({ driver }) => (isRunning(driver) ? state('RUNNING') : isOver(driver) ? afterDriver(driver) : undefined),
  RUNNING: run,
  SUCCEEDING: () => ({ ...state('COMPLETED'), terminationTime: new Date().toISOString() }),
  FAILING: ({ application }) => ({
    ...state('FAILED', textAt(application, 'status', 'applicationState', 'errorMessage')),
    terminationTime: new Date().toISOString(),
  }),
  INVALIDATING: async (view) => {
    await removeDriver(view);
    return { ...state('PENDING_RERUN'), submissionID: null, executionAttempts: 0, submissionAttempts: 0 };
  },
  PENDING_RERUN: (view) => (view.pods.length > 0 ? undefined : submit(view)),
  SUSPENDING: async (view) => {
    await removeDriver(view);
    return view.pods.length > 0 ? undefined : state('SUSPENDED');
  },
  SUSPENDED: ({ application }) => (isSetAt(application, 'spec', 'suspend') ? undefined : state('RESUMING')),
  RESUMING: submit,
};

const untouched: ReadonlySet<string> = new Set(['', 'COMPLETED', 'FAILED', 'SUSPENDING', 'SUSPENDED', 'RESUMING']);

/** Plays one application forward by one state at most. */
export async function playApplication(round: Round, application: JsonObject): Promise<void> {
  const name = nameOf(application);
  const pods = round.pods.filter((pod) => labelOf(pod, 'sparkoperator.k8s.io/app-name') === name);
  const driver = pods.find((pod) => labelOf(pod, 'spark-role') === 'driver');
  const now = textAt(application, 'status', 'applicationState', 'state');
  const next = await nextOf({ round, application, name, pods, driver }, now);
  if (next === undefined) return;
  await round.api.status(kinds.application, application, { driverInfo: driverInfo(name), ...next });
}

/** Every change of the spec but these two runs an application anew, whatever its state. */
function nextOf(view: View, now: string): Next {
  const { round, application } = view;
  const { suspend: _suspend, timeToLiveSeconds: _ttl, ...spec } = objectAt(application, 'spec');
  const isEdited = round.isChanged(uidOf(application), JSON.stringify(spec));
  if (isEdited && now !== '') return state('INVALIDATING');
  if (round.isEarly(uidOf(application), now)) return undefined;
  if (isSetAt(application, 'spec', 'suspend') && !untouched.has(now)) return state('SUSPENDING');
  return transitions[now]?.(view);
}

const driverInfo = (name: string): JsonObject => ({ podName: `${name}-driver`, webUIPort: UI_PORT });

/** What spark-submit does: it asks for the driver. */
async function submit({ round, application, name, pods, driver }: View): Promise<JsonObject | undefined> {
  // One that is there already is the own one, whose status could not be written in time.
  if (driver === undefined ? pods.length > 0 : isDeleted(driver)) return undefined;
  const submissionID = labelOf(driver, 'sparkoperator.k8s.io/submission-id') || randomUUID();
  const labels: Readonly<Record<string, string>> = {
    ...labelsOf(application, submissionID),
    'spark-role': 'driver',
  };
  await round.api.create(
    kinds.pod,
    podOf({
      name: `${name}-driver`,
      labels,
      container: 'spark-kubernetes-driver',
      args: driverArgs(textsAt(application, 'spec', 'arguments')),
      owner: application,
    }),
  );
  return {
    ...state('SUBMITTED'),
    submissionID,
    sparkApplicationId: labels['spark-app-selector'],
    executionAttempts: 1,
    submissionAttempts: 1,
    lastSubmissionAttemptTime: new Date().toISOString(),
    terminationTime: null,
    executorState: null,
  };
}

async function run({ round, application, driver, pods }: View): Promise<JsonObject | undefined> {
  if (driver === undefined) return state('FAILING', 'driver pod not found');
  await playDriver(round.api, pods, driver, {
    count: numberAt(application, 'spec', 'executor', 'instances') ?? 1,
    labels: labelsOf(application, labelOf(driver, 'sparkoperator.k8s.io/submission-id')),
    isDecommissioned: textAt(application, 'spec', 'sparkConf', 'spark.decommission.enabled') === 'true',
  });
  if (isOver(driver)) return afterDriver(driver);
  const executorState = executorStates(pods.filter((pod) => labelOf(pod, 'spark-role') === 'executor'));
  const before = objectAt(application, 'status', 'executorState');
  const isSame = Object.entries(executorState).every(([pod, told]) => before[pod] === told);
  return isSame ? undefined : { executorState };
}

const afterDriver = (driver: unknown): JsonObject =>
  phaseOf(driver) === 'Succeeded'
    ? state('SUCCEEDING')
    : state('FAILING', `driver container failed with ExitCode: ${exitCodeOf(driver)}, Reason: Error`);

async function removeDriver({ round, driver }: View): Promise<void> {
  if (driver !== undefined) await round.api.remove(kinds.pod, driver);
}

const labelsOf = (application: JsonObject, submission: string): Readonly<Record<string, string>> => ({
  'sparkoperator.k8s.io/app-name': nameOf(application),
  'sparkoperator.k8s.io/submission-id': submission,
  'sparkoperator.k8s.io/launched-by-spark-operator': 'true',
  'spark-app-selector': `spark-${submission.replaceAll('-', '')}`,
  'spark-app-name': nameOf(application),
  'spark-version': textAt(application, 'spec', 'sparkVersion'),
});
