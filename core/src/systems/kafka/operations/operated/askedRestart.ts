import type { LivePod } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';

/** How one operator is asked to restart one pod, and what it says meanwhile. */
export interface OperatorRoute {
  /** `Strimzi`. */
  readonly title: string;
  /** The target is no longer the one of the plan. */
  stranger(): Promise<string | undefined>;
  /** The pods of the plan, by its names. */
  pods(): Promise<FoundPods>;
  /**
   * Why the operator must not be asked now: it is not there, it is at work, it was told to pause, or somebody has asked it already.
   * `pod` is the one that it would be asked for; undefined while there is none.
   */
  obstacle(step: PlannedStep, pod: LivePod | undefined): Promise<Answer | undefined>;
  /** Whether it is asked and has not done it yet. `pod` is still the one of before. */
  isAsked(step: PlannedStep, pod: LivePod): Promise<boolean>;
  /** The one write. @throws ClusterProblem of kind `conflict` when the object is no longer the one that was read */
  ask(step: PlannedStep, uid: string): Promise<void>;
  /** Takes the question back, where the operator has not begun. */
  withdraw(step: PlannedStep, pod: LivePod): Promise<readonly string[]>;
  /** What it has not been done for yet, and whether nobody is there who could do it. */
  delay(): Promise<{ readonly text: string; readonly isDown: boolean }>;
  /** What it said about a restart. */
  told(step: PlannedStep): Promise<readonly string[]>;
}

/** How often a question that was lost is asked again before a person must look. */
const MOST_REPEATS = 3;

/**
 * Restart of one pod by the operator that owns it. We decide when, the operator does it:
 *
 * 1. The gate asks the operator's own resource (not paused, ready, the last change taken up), that the operator is alive, and that it is
 *    asked for no other pod; and then everything that the gate of our own restart asks.
 * 2. The operator is asked by one write, for one pod, with what it was read as for a condition. No pod is ever evicted or deleted.
 * 3. It is awaited until the pod is another one, the question is gone, and the broker is back as after our own restart.
 *    A question that is gone while the pod is still the same was lost: it is asked again, through the gate, three times at most; then the run pauses.
 * 4. Preferred leaders are elected, and what the operator said in Events is noted.
 *
 * Properties: never two questions at once; the next pod only after the one before was verified; nothing is written but annotations and
 * resources that the operator reads.
 */
export class AskedRestart implements Procedure {
  readonly #route: OperatorRoute;
  /** Our own restart, of which everything but the eviction is the same. */
  readonly #restart: Procedure;
  /** The operator was not there when it was last looked for. */
  #isDown = false;

  constructor(route: OperatorRoute, restart: Procedure) {
    this.#route = route;
    this.#restart = restart;
  }

  async verifyIdentity(): Promise<string | undefined> {
    return (await this.#restart.verifyIdentity()) ?? this.#route.stranger();
  }

  async isDone(context: StepContext): Promise<boolean> {
    const pod = await this.#pod(context);
    if (pod && pod.meta.uid === uidOf(context)) return false;
    return this.#restart.isDone(context);
  }

  async hasActed(context: StepContext): Promise<boolean> {
    const pod = await this.#pod(context);
    if (!pod || pod.meta.deletedAt !== undefined || pod.meta.uid !== uidOf(context)) return true;
    return this.#route.isAsked(context.step, pod);
  }

  /** The pod of the plan, and of every try: what has been restarted since is not restarted again. */
  async prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { uid: uidOf(context), tries: triesOf(context) };
  }

  async gate(context: StepContext): Promise<Answer> {
    const { title } = this.#route;
    const tries = triesOf(context);
    if (tries > MOST_REPEATS) {
      const reason = `${title} has dropped the question for ${podOf(context.step)} ${tries} times without a restart.`;
      return { kind: 'pause', reason, fix: 'Look into the log of the operator, then resume.', remember: { tries: 0 } };
    }
    const obstacle = await this.#route.obstacle(context.step, await this.#pod(context));
    return obstacle ?? this.#restart.gate(context);
  }

  async act(context: StepContext): Promise<ActOutcome> {
    try {
      await this.#route.ask(context.step, uidOf(context));
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      const pod = await this.#pod(context);
      // The pod of the plan is gone: somebody else has restarted it, which is what was wanted.
      if (pod?.meta.uid !== uidOf(context)) return { kind: 'acted' };
      if (error.kind === 'conflict')
        return { kind: 'again', waitingFor: `an object that somebody else has just changed: ${error.message}` };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `${this.#route.title} may not be asked to restart ${podOf(context.step)}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { title } = this.#route;
    const name = podOf(context.step);
    const pod = await this.#pod(context);
    if (pod && pod.meta.uid === uidOf(context) && pod.meta.deletedAt === undefined) {
      if (await this.#route.isAsked(context.step, pod)) {
        const { text, isDown } = await this.#route.delay();
        this.#isDown = isDown;
        return { kind: 'wait', waitingFor: `${title} to restart ${name}: ${text}`, measure: [text], isNear: false };
      }
      const tries = triesOf(context) + 1;
      const reason = `The question for ${name} is gone and the pod is still the same (try ${tries}).`;
      return { kind: 'again', reason, remember: { tries } };
    }
    this.#isDown = false;
    const answer = await this.#restart.awaited(context);
    // Somebody, such as a webhook that drains nodes, may have asked for the new pod too.
    if (answer.kind !== 'yes' || !pod || !(await this.#route.isAsked(context.step, pod))) return answer;
    return { kind: 'wait', waitingFor: `the question for ${name} to be gone`, measure: ['asked'], isNear: false };
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    return [...(await this.#restart.finish(context)), ...(await this.#route.told(context.step))];
  }

  /** Only while nobody is there who could have begun; otherwise it is awaited, because it may happen at any moment. */
  canAbort(): boolean {
    return this.#isDown;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    const pod = await this.#pod(context);
    return pod?.meta.uid === uidOf(context) ? this.#route.withdraw(context.step, pod) : [];
  }

  async #pod({ step }: StepContext): Promise<LivePod | undefined> {
    return (await this.#route.pods()).of(podOf(step));
  }
}

const podOf = ({ parameters }: PlannedStep): string => String(parameters['pod'] ?? '');

const uidOf = ({ step, memory }: StepContext): string => String(memory['uid'] ?? step.parameters['before'] ?? '');

const triesOf = ({ memory }: StepContext): number => Number(memory['tries'] ?? 0);
