import { ENDS } from '#core/operations/nodeDrain/departure/steps.ts';
import { NEW_NAMES } from '#core/operations/stepKinds.ts';
import { formatTime } from '#core/time.ts';
import type { JsonObject, ResourceKind } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Progress, RunState } from '#core/operations/model.ts';
import type { RunnerPorts } from '#core/operations/operations.ts';
import { describeError } from '#core/operations/poller.ts';

const eventKind: ResourceKind = { group: '', version: 'v1', plural: 'events', namespaced: true };
/** Limits of the API: v1 Event, `message` and `reportingInstance`. */
const longestMessage = 1024;
const longestInstance = 128;

const endings: Readonly<Record<RunState['kind'], string>> = {
  running: 'Running',
  done: 'Done',
  cancelled: 'Cancelled',
  paused: 'Paused',
  stopped: 'Stopped',
};

/**
 * Tells everybody who looks at the workload what is done to it: Events of core/v1, one for the start, two for each member, one for the
 * end. A run never waits for them and never ends because of them; that they may not be written is noted once.
 */
export class EventTeller {
  readonly #plan: Plan;
  readonly #ports: RunnerPorts;
  #count = 0;
  #isRefused = false;
  #told: Promise<void> = Promise.resolve();

  constructor(plan: Plan, ports: RunnerPorts) {
    this.#plan = plan;
    this.#ports = ports;
  }

  start(isResumed: boolean): void {
    const { title, steps } = this.#plan;
    this.#tell(
      'Normal',
      isResumed ? 'Resumed' : 'Started',
      `${title}: ${steps.length} steps, by ${this.#ports.runner}`,
    );
  }

  hear(progress: Progress): void {
    if (progress.kind === 'state') this.#tellEnd(progress.state);
    if (progress.kind !== 'step') return;
    const { member, parameters, title } = progress.step;
    if (parameters[ENDS] === true && progress.phase === 'awaiting') this.#tell('Normal', 'PodEvicted', title);
    if (member === undefined) return;
    if (progress.phase === 'awaiting') this.#tell('Normal', 'MemberOut', `${member} is taken out and awaited`);
    if (progress.phase === 'done') this.#tell('Normal', 'MemberBack', this.#isBack(member, progress.step));
  }

  /** A pod of a job that has left a node does not come back itself. */
  #isBack(member: string, { parameters, done }: PlannedStep): string {
    const isGone = this.#plan.operation === 'drain' && parameters[NEW_NAMES] === true;
    return isGone ? `${member} has left: ${done}` : `${member} is back and in sync`;
  }

  /** Resolves when everything was told or refused. */
  end(): Promise<void> {
    return this.#told;
  }

  #tellEnd(state: RunState): void {
    const isBad = state.kind === 'stopped' || state.kind === 'paused';
    const reason = isBad ? `: ${state.reason} ${state.fix}` : '';
    this.#tell(isBad ? 'Warning' : 'Normal', endings[state.kind], `${this.#plan.title}: ${state.kind}${reason}`);
  }

  #tell(type: 'Normal' | 'Warning', what: string, message: string): void {
    if (this.#isRefused) return;
    const operation = `${this.#plan.operation.charAt(0).toUpperCase()}${this.#plan.operation.slice(1)}`;
    const event = this.#describe(type, `${operation}${what}`, message);
    this.#told = this.#told.then(() => this.#write(event));
  }

  async #write(event: JsonObject): Promise<void> {
    if (this.#isRefused) return;
    try {
      await this.#ports.cluster.create({ ...eventKind }, event);
    } catch (error) {
      this.#isRefused = true;
      const step: PlannedStep | undefined = this.#plan.steps[0];
      if (step === undefined) return;
      const text = `No Events can be written: ${describeError(error)}`;
      this.#ports.listener({ kind: 'note', step, text, at: this.#ports.clock.now() });
    }
  }

  #describe(type: string, reason: string, message: string): JsonObject {
    const { anchor, system, namespace: own } = this.#plan.target;
    // Events about what belongs to no namespace are in `default`, and name none.
    const isOfNode = system === 'kubernetes';
    const namespace = isOfNode ? 'default' : own;
    const now = this.#ports.clock.now();
    const at = formatTime(now);
    this.#count += 1;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace, name: `${anchor.name}.${now.toString(16)}${this.#count.toString(16).padStart(2, '0')}` },
      involvedObject: {
        apiVersion: anchor.apiVersion,
        kind: anchor.kind,
        name: anchor.name,
        ...(isOfNode ? {} : { namespace }),
        uid: anchor.uid,
      },
      type,
      reason,
      message: message.slice(0, longestMessage),
      count: 1,
      firstTimestamp: at,
      lastTimestamp: at,
      source: { component: 'data-clusters' },
      reportingComponent: 'data-clusters',
      reportingInstance: this.#ports.runner.slice(0, longestInstance),
    };
  }
}
