import { kindNamed } from '../kinds.ts';
import { recordOf, shapedAs, timeText, type KubeObject, type Pod } from '../objects.ts';
import { sameValue } from '../fieldTrees.ts';
import { textHash } from '../random.ts';
import type { World } from '../world.ts';
import { driverPod, executorPod } from './sparkPods.ts';

interface SparkStatus {
  readonly applicationState: { readonly state: string; readonly errorMessage?: string };
  readonly executionAttempts: number;
  readonly submissionAttempts: number;
  readonly lastSubmissionAttemptTime?: string;
  readonly terminationTime?: string | null;
  readonly submissionID?: string;
  readonly sparkApplicationId?: string;
  readonly driverInfo?: Readonly<Record<string, unknown>>;
  readonly executorState?: Readonly<Record<string, string>>;
}

const COMPONENT = 'spark-operator';
const NAMESPACE = 'spark-operator';
const DEPLOYMENT = 'spark-operator-controller';

/**
 * The Kubeflow Spark Operator: submits, watches the driver, and tries again as the application asks for it. A change of the spec
 * invalidates the run and begins anew, but for `suspend` and `timeToLiveSeconds`; suspending deletes the driver, and a suspended application
 * is resumed only once its pods are gone. Source: the event filter and the reconciler of version 2.5.
 */
export class SparkOperator {
  /** Changes of a spec that are still to be lost: its event filter writes the status once, and a conflict there is not tried again. */
  changesToLose = 0;
  readonly #world: World;
  /** What each application was last seen to ask for, as far as it counts for its run. */
  readonly #specs = new Map<string, unknown>();

  constructor(world: World) {
    this.#world = world;
  }

  tick(now: number): void {
    if (this.#isDown()) {
      // Whoever starts again compares with nothing: what was changed meanwhile is no change to it.
      this.#specs.clear();
      return;
    }
    for (const app of this.#world.store.list(kindNamed('SparkApplication'))) this.#reconcile(app, now);
  }

  /** It does nothing while its Deployment is there and has no pod that is ready. */
  #isDown(): boolean {
    const own = this.#world.store
      .list(kindNamed('Deployment'), NAMESPACE)
      .filter(({ metadata }) => metadata.name === DEPLOYMENT);
    return own.length > 0 && own.every((one) => Number(recordOf(one['status'])['readyReplicas'] ?? 0) === 0);
  }

  #reconcile(app: KubeObject, now: number): void {
    const status = statusOf(app);
    const { state } = status.applicationState;
    const { suspend, timeToLiveSeconds: _, ...spec } = recordOf(app['spec']);
    const known = this.#specs.get(app.metadata.uid) ?? spec;
    this.#specs.set(app.metadata.uid, spec);
    const isOver = state === 'COMPLETED' || state === 'FAILED';
    if (!sameValue(known, spec) && state !== '') return this.#invalidate(app, status);
    if (suspend === true && !isOver && state !== 'SUSPENDED' && state !== 'SUSPENDING') {
      return this.#move(app, { ...status, applicationState: { state: 'SUSPENDING' } });
    }
    const driver = this.#driverOf(app);
    switch (state) {
      case 'SUSPENDING':
        return this.#suspend(app, status);
      case 'SUSPENDED':
        if (suspend === true || driver !== undefined) return;
        return this.#move(app, { ...status, applicationState: { state: 'RESUMING' } });
      case '':
      case 'RESUMING':
        return this.#submit(app, status, now);
      case 'PENDING_RERUN':
        return this.#rerun(app, status, driver, now);
      case 'INVALIDATING':
        return this.#move(app, { ...status, applicationState: { state: 'PENDING_RERUN' }, terminationTime: null });
      case 'SUBMISSION_FAILED':
        return this.#judgeSubmission(app, status, driver, now);
      case 'FAILING':
        return this.#judgeFailure(app, status, now);
      case 'SUCCEEDING':
        return this.#move(app, { ...status, applicationState: { state: 'COMPLETED' } });
      default:
        if (!isOver) this.#follow(app, status, driver, now);
    }
  }

  #submit(app: KubeObject, status: SparkStatus, now: number): void {
    if (this.#driverOf(app) !== undefined) return this.#failSubmission(app, status, now);
    const attempt = status.executionAttempts + 1;
    const id = textHash(`${app.metadata.uid}/${attempt}/${now}`);
    this.#world.addPod(driverPod(app, id));
    this.#world.event(
      app,
      'Normal',
      'SparkApplicationSubmitted',
      `SparkApplication ${app.metadata.name} was submitted successfully`,
      COMPONENT,
    );
    this.#move(app, {
      applicationState: { state: 'SUBMITTED' },
      executionAttempts: attempt,
      submissionAttempts: status.applicationState.state === 'SUBMISSION_FAILED' ? status.submissionAttempts + 1 : 1,
      lastSubmissionAttemptTime: timeText(now),
      terminationTime: null,
      submissionID: id,
      sparkApplicationId: `spark-${id}`,
      driverInfo: {
        podName: `${app.metadata.name}-driver`,
        webUIServiceName: `${app.metadata.name}-ui-svc`,
        webUIPort: 4040,
      },
      executorState: {},
    });
  }

  /** The driver of an application that was deleted just now still has its name. */
  #failSubmission(app: KubeObject, status: SparkStatus, now: number): void {
    const errorMessage = `failed to submit spark application: failed to run spark-submit: pods "${app.metadata.name}-driver" already exists`;
    this.#world.event(app, 'Warning', 'SparkApplicationSubmissionFailed', errorMessage, COMPONENT);
    this.#move(app, {
      ...status,
      applicationState: { state: 'SUBMISSION_FAILED', errorMessage },
      submissionAttempts: status.submissionAttempts + 1,
      lastSubmissionAttemptTime: timeText(now),
    });
  }

  /** Tried again as the application asks for it, after the interval as many times as it was submitted. */
  #judgeSubmission(app: KubeObject, status: SparkStatus, driver: Pod | undefined, now: number): void {
    const policy = recordOf(recordOf(app['spec'])['restartPolicy']);
    const retries = Number(policy['onSubmissionFailureRetries'] ?? 0);
    const isRetried =
      policy['type'] === 'Always' || (policy['type'] === 'OnFailure' && status.submissionAttempts <= retries);
    const { errorMessage = '' } = status.applicationState;
    if (!isRetried) {
      this.#move(app, {
        ...status,
        applicationState: { state: 'FAILED', errorMessage },
        terminationTime: timeText(now),
      });
      return;
    }
    const interval = Number(policy['onSubmissionFailureRetryInterval'] ?? 5) * 1000 * status.submissionAttempts;
    const submittedAt = Date.parse(status.lastSubmissionAttemptTime ?? '') || 0;
    if (driver === undefined && now - submittedAt >= interval) this.#submit(app, status, now);
  }

  #follow(app: KubeObject, status: SparkStatus, driver: Pod | undefined, now: number): void {
    if (driver === undefined || driver.metadata.deletionTimestamp !== undefined) {
      this.#fail(app, status, 'driver pod not found', now);
      return;
    }
    const { phase, containerStatuses } = driver.status;
    if (phase === 'Running') this.#keepExecutors(app, status, driver, now);
    if (phase === 'Succeeded') {
      this.#removeExecutors(app);
      this.#world.event(app, 'Normal', 'SparkDriverCompleted', `Driver ${driver.metadata.name} completed`, COMPONENT);
      this.#move(app, { ...status, applicationState: { state: 'SUCCEEDING' }, terminationTime: timeText(now) });
    }
    if (phase === 'Failed') {
      const code = containerStatuses[0]?.state.terminated?.exitCode ?? 1;
      const message = `driver container failed with ExitCode: ${code}, Reason: Error`;
      this.#world.event(app, 'Warning', 'SparkDriverFailed', `Driver ${driver.metadata.name} failed`, COMPONENT);
      this.#fail(app, status, message, now);
    }
  }

  #keepExecutors(app: KubeObject, status: SparkStatus, driver: Pod, now: number): void {
    const wanted = Number(recordOf(recordOf(app['spec'])['executor'])['instances'] ?? 1);
    const executors = this.#executorsOf(app);
    const living = executors.filter(({ status: { phase } }) => phase === 'Pending' || phase === 'Running');
    const startedAt = Date.parse(driver.status.startTime ?? '');
    const next = Math.max(0, ...executors.map(({ metadata }) => Number(metadata.labels?.['spark-exec-id'] ?? 0)));
    if (now - startedAt > 5000) {
      for (let count = living.length; count < wanted; count++) {
        this.#world.addPod(executorPod(app, driver, next + 1 + count - living.length));
      }
    }
    const executorState = Object.fromEntries(
      this.#executorsOf(app).map(({ metadata, status: { phase } }) => [
        metadata.name,
        executorStates[phase] ?? 'UNKNOWN',
      ]),
    );
    this.#move(app, {
      ...status,
      applicationState: { state: 'RUNNING' },
      executorState: { ...status.executorState, ...executorState },
    });
  }

  #fail(app: KubeObject, status: SparkStatus, errorMessage: string, now: number): void {
    this.#removeExecutors(app);
    this.#move(app, {
      ...status,
      applicationState: { state: 'FAILING', errorMessage },
      terminationTime: timeText(now),
    });
  }

  /** It waits as failing until the interval since it was submitted is over; then what is left is deleted and it is run again. */
  #judgeFailure(app: KubeObject, status: SparkStatus, now: number): void {
    const policy = recordOf(recordOf(app['spec'])['restartPolicy']);
    const retries = Number(policy['onFailureRetries'] ?? 0);
    const isRetried =
      policy['type'] === 'Always' || (policy['type'] === 'OnFailure' && status.executionAttempts <= retries);
    const interval = Number(policy['onFailureRetryInterval'] ?? 5) * 1000 * status.submissionAttempts;
    const submittedAt = Date.parse(status.lastSubmissionAttemptTime ?? '') || 0;
    if (isRetried && now - submittedAt < interval) return;
    const { errorMessage = '' } = status.applicationState;
    const state = isRetried ? 'PENDING_RERUN' : 'FAILED';
    const reason = isRetried ? 'SparkApplicationPendingRerun' : 'SparkApplicationFailed';
    const text = `SparkApplication ${app.metadata.name} ${isRetried ? 'is pending rerun' : `failed: ${errorMessage}`}`;
    this.#world.event(app, 'Warning', reason, text, COMPONENT);
    this.#move(app, { ...status, applicationState: { state, errorMessage } });
  }

  #rerun(app: KubeObject, status: SparkStatus, driver: Pod | undefined, now: number): void {
    if (driver === undefined) this.#submit(app, status, now);
    else if (driver.metadata.deletionTimestamp === undefined) this.#world.deletePod(driver);
  }

  #suspend(app: KubeObject, status: SparkStatus): void {
    const driver = this.#driverOf(app);
    this.#removeExecutors(app);
    if (driver !== undefined) {
      if (driver.metadata.deletionTimestamp === undefined) this.#world.deletePod(driver);
      return;
    }
    this.#world.event(
      app,
      'Normal',
      'SparkApplicationSuspended',
      `SparkApplication ${app.metadata.name} was suspended`,
      COMPONENT,
    );
    this.#move(app, { ...status, applicationState: { state: 'SUSPENDED' }, executorState: {} });
  }

  #invalidate(app: KubeObject, status: SparkStatus): void {
    if (this.changesToLose > 0) {
      this.changesToLose -= 1;
      const text = `Failed to update spec for SparkApplication ${app.metadata.name}: the object has been modified`;
      this.#world.event(app, 'Warning', 'SparkApplicationSpecUpdateFailed', text, COMPONENT);
      return;
    }
    this.#removeExecutors(app);
    const driver = this.#driverOf(app);
    if (driver !== undefined) this.#world.deletePod(driver);
    this.#world.event(
      app,
      'Normal',
      'SparkApplicationSpecUpdateProcessed',
      'Successfully processed spec update',
      COMPONENT,
    );
    this.#move(app, { ...status, applicationState: { state: 'INVALIDATING' }, executionAttempts: 0 });
  }

  #removeExecutors(app: KubeObject): void {
    for (const pod of this.#executorsOf(app))
      if (pod.metadata.deletionTimestamp === undefined) this.#world.deletePod(pod);
  }

  #driverOf(app: KubeObject): Pod | undefined {
    return this.#world.pod(app.metadata.namespace ?? '', `${app.metadata.name}-driver`);
  }

  #executorsOf(app: KubeObject): readonly Pod[] {
    return this.#world
      .pods(app.metadata.namespace)
      .filter(
        ({ metadata: { labels } }) =>
          labels?.['spark-role'] === 'executor' && labels['sparkoperator.k8s.io/app-name'] === app.metadata.name,
      );
  }

  #move(app: KubeObject, status: SparkStatus): void {
    const current = this.#world.get(app.kind, app.metadata.namespace ?? '', app.metadata.name);
    if (current !== undefined) this.#world.setStatus(current, { ...status });
  }
}

const executorStates: Readonly<Record<string, string>> = {
  Pending: 'PENDING',
  Running: 'RUNNING',
  Succeeded: 'COMPLETED',
  Failed: 'FAILED',
};

function statusOf(app: KubeObject): SparkStatus {
  const status = recordOf(app['status']);
  return status['applicationState'] === undefined
    ? { applicationState: { state: '' }, executionAttempts: 0, submissionAttempts: 0 }
    : shapedAs<SparkStatus>(status);
}
