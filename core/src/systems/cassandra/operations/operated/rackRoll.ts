import { ClusterProblem } from '#core/live/ports.ts';
import { hopelessTrouble, type FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, Plan, PlannedStep, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import { numberIn, textsIn } from '#core/operations/stepParameters.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { Departing } from '#core/systems/cassandra/operations/departing.ts';
import { rackStepOf, type RackStep } from '#core/systems/cassandra/operations/operated/rackStep.ts';
import { RingWhole } from '#core/systems/cassandra/operations/operated/ringWhole.ts';
import { RollWatch } from '#core/systems/cassandra/operations/operated/rollWatch.ts';
import { racksInTheWay } from '#core/systems/cassandra/operations/operated/routeOf.ts';
import { restartTargetOf, type RestartPorts } from '#core/systems/cassandra/operations/restartOf.ts';
import { ringTargetOf, type RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

/** How far an operator is with the restart of a rack. */
export type Question =
  /** Nobody has asked, or the question is gone, and nothing is under way. */
  | { readonly kind: 'none' }
  /** It has not begun. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'begun'; readonly text: string }
  /** It says that it is over. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly fix: string }
  /** It does something else than it was asked for. */
  | { readonly kind: 'astray'; readonly reason: string; readonly fix: string };

/** How one operator is asked to restart a rack, and what it says meanwhile. */
export interface RackRoute {
  /** `cass-operator`. */
  readonly title: string;
  /** The target is no longer the one of the plan. */
  stranger(): Promise<string | undefined>;
  /** Why the operator must not be asked now, for this rack or for any. */
  obstacle(rack: RackStep): Promise<Answer | undefined>;
  question(rack: RackStep): Promise<Question>;
  /** The one write. @throws ClusterProblem of kind `conflict` when what it is about was changed by somebody else */
  ask(rack: RackStep): Promise<void>;
  /** Takes the question back. @throws ClusterProblem of kind `busy` when it has begun meanwhile */
  withdraw(rack: RackStep): Promise<readonly string[]>;
  /** Why the operator does nothing; empty when that is not known. */
  delay(): Promise<string>;
  /** What of an unfinished question is put away when a run stops. */
  leave(rack: RackStep): Promise<readonly string[]>;
}

/** For so long nothing must be seen of a question before it counts as lost: operators take it back and begin in two writes. */
const LOST_MS = 20_000;

/** How often a question that was lost is asked again before a person must look. */
const MOST_REPEATS = 3;

/**
 * Restart of one rack by the operator that owns it. We decide when, the operator does it:
 *
 * 1. The gate asks the operator (alive, at rest, asked for nothing else), the StatefulSet of the rack (still the one of the plan, with no
 *    change under way), and then what the gate of our own restart asks of every node. Racks are still as many as replicas, so that all
 *    nodes of the rack together may be away without a range losing its QUORUM.
 * 2. The operator is asked by one write, with a name or value that is the same for everybody who goes on with the plan.
 * 3. Its roll is watched pod by pod by asking nodes of other racks whom they see. The operator goes by readiness alone and cannot be held
 *    back; two nodes that are out at once, or a rack that was not asked for, end the run with what is to be done.
 * 4. It is done when every pod is another one, the operator says that it is over without failures, and the ring is whole: every node up
 *    for every other with the Host ID it had, on one schema, the same ten seconds later, and nobody keeps writes for the rack any more.
 *    A question that is gone while pods are still the same is asked again through the gate, three times at most; then the run pauses.
 *
 * Properties, each tested with simulated operators: never two questions at once; the next rack only after the ring was seen whole; the
 * operator's word alone is never enough; nothing is written but what the operator reads. Cancelling takes back what has not begun, and
 * awaits the rack that has.
 */
export class RackRoll implements Procedure {
  readonly #route: RackRoute;
  readonly #target: RingTarget;
  readonly #departing: Departing;
  readonly #watch: RollWatch;
  readonly #whole: RingWhole;
  /** The question was seen not to be begun when it was last looked at. */
  #isUntouched = false;
  /** Since when nothing is seen of a question that was asked. */
  #goneSince: number | undefined;

  constructor(plan: Plan, route: RackRoute, ports: RestartPorts) {
    const restart = restartTargetOf(plan, ports);
    this.#route = route;
    this.#target = ringTargetOf(plan, ports);
    this.#departing = new Departing(restart, this.#target.ring);
    this.#watch = new RollWatch(this.#target.ring);
    this.#whole = new RingWhole(this.#target, restart.level);
  }

  async verifyIdentity(): Promise<string | undefined> {
    const { cluster, clusterIdentity } = this.#target;
    if ((await cluster.identity()) !== clusterIdentity)
      return `Another Kubernetes cluster answers as the context ${cluster.context.name} than when the plan was made.`;
    return this.#route.stranger();
  }

  async isDone(context: StepContext): Promise<boolean> {
    const rack = rackStepOf(context.step);
    const pods = await this.#target.ring.pods();
    if (leftOf(context, rack, pods).length > 0 || rack.pods.some((name) => pods.of(name)?.isReady !== true))
      return false;
    const { kind } = await this.#route.question(rack);
    return kind !== 'asked' && kind !== 'begun' && (await this.#whole.missing(pods)) === undefined;
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return (await this.#route.question(rackStepOf(step))).kind !== 'none';
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const pods = await this.#target.ring.pods();
    const uids = rackStepOf(step).pods.map((name) => pods.of(name)?.meta.uid ?? '');
    return { tries: Math.max(0, numberIn(memory, 'tries')), uids };
  }

  async gate({ step, memory }: StepContext): Promise<Answer> {
    const { title } = this.#route;
    const rack = rackStepOf(step);
    const tries = numberIn(memory, 'tries');
    if (tries > MOST_REPEATS) {
      const reason = `${title} has dropped the question for rack ${rack.rack} ${tries} times without a restart.`;
      return { kind: 'pause', reason, fix: 'Look into the log of the operator, then resume.', remember: { tries: 0 } };
    }
    return (await this.#route.obstacle(rack)) ?? this.#ringGate(step, rack);
  }

  /** The nodes of a rack are alike as far as racks decide what is kept, so that one stands for all. */
  async #ringGate(step: PlannedStep, rack: RackStep): Promise<Answer> {
    const pods = await this.#target.ring.pods();
    const absent = rack.pods.find((name) => pods.of(name)?.isReady !== true);
    if (absent !== undefined) return waiting(`${absent} to be ready`, [absent], false);
    const [pod = ''] = rack.pods;
    const hostId = this.#target.ring.nodes.find((node) => node.pod === pod)?.hostId ?? '';
    const parameters = { pod, before: pods.of(pod)?.meta.uid ?? '', hostId, version: '' };
    const answer = await this.#departing.gate({ ...step, parameters }, pods);
    const { reading } = this.#departing;
    if (answer.kind !== 'yes' || !reading) return answer;
    const against = racksInTheWay(reading, [rack]);
    if (against.length === 0) return answer;
    const fix = 'Make a new plan: it goes pod by pod.';
    return { kind: 'stop', reason: `A whole rack may not go any more: ${against.join('; ')}.`, fix };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const rack = rackStepOf(step);
    try {
      await this.#route.ask(rack);
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict')
        return { kind: 'again', waitingFor: `an object that somebody else has just changed` };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `${this.#route.title} may not be asked to restart rack ${rack.rack}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const rack = rackStepOf(context.step);
    // The question is read before the pods: what it says to be over has happened by then.
    const question = await this.#route.question(rack);
    this.#isUntouched = question.kind === 'asked';
    if (question.kind === 'astray') return { ...question, kind: 'stop' };
    const pods = await this.#target.ring.pods();
    const left = leftOf(context, rack, pods);
    if (question.kind === 'failed' && left.length > 0) return { ...question, kind: 'stop' };
    const trouble = this.#hopeless(rack, pods);
    if (trouble) return trouble;
    if (left.length === 0 && rack.pods.every((name) => pods.of(name)?.isReady === true))
      return this.#end(rack, question, pods);
    return (await this.#twoOut(rack, pods)) ?? this.#notYet(context, question, left, pods);
  }

  /** Every pod is another one, and ready. */
  async #end(rack: RackStep, question: Question, pods: FoundPods): Promise<Answer> {
    const whole = await this.#whole.awaited(rack.pods, pods);
    if (whole.kind !== 'yes' || (question.kind !== 'asked' && question.kind !== 'begun')) return whole;
    return waiting(`${this.#route.title} to say that rack ${rack.rack} is done`, [question.kind], false);
  }

  async #notYet(
    { step, memory }: StepContext,
    question: Question,
    left: readonly string[],
    pods: FoundPods,
  ): Promise<Awaited> {
    const rack = rackStepOf(step);
    const { title } = this.#route;
    const out = this.#watch.out;
    const names = left.join(', ');
    if (left.length > 0 && question.kind === 'done') {
      const reason = `${title} says that rack ${rack.rack} is restarted, and ${names} is the same pod as before.`;
      return { kind: 'stop', reason, fix: 'Look into its log; then make a new plan, pod by pod.' };
    }
    if (left.length > 0 && this.#isLost(question) && out.length === 0) {
      const tries = Math.max(0, numberIn(memory, 'tries')) + 1;
      const reason = `The question for rack ${rack.rack} is gone and ${names} is the same pod as before (try ${tries}).`;
      return { kind: 'again', reason, remember: { tries } };
    }
    const delay = out.length > 0 ? `out: ${out.join(', ')}` : await this.#route.delay();
    const how = delay === '' ? '' : ` (${delay})`;
    const what = left.length === 0 ? `the last nodes of rack ${rack.rack} to be back` : `${title} to restart ${names}`;
    return waiting(`${what}${how}`, [question.kind, left.length, ...out, ...restartsOf(rack, pods)], false);
  }

  #isLost({ kind }: Question): boolean {
    const now = this.#target.clock.now();
    this.#goneSince = kind === 'none' ? (this.#goneSince ?? now) : undefined;
    if (this.#goneSince === undefined || now - this.#goneSince < LOST_MS) return false;
    this.#goneSince = undefined;
    return true;
  }

  async #twoOut(rack: RackStep, pods: FoundPods): Promise<Answer | undefined> {
    const [first, second] = await this.#watch.look(rack, pods);
    if (first === undefined || second === undefined) return undefined;
    const { title } = this.#route;
    return {
      kind: 'stop',
      reason: `${first} and ${second} are out at once while ${title} restarts rack ${rack.rack}: it goes by readiness alone.`,
      fix: `Bring both back and look at what ${title} and the StatefulSet ${rack.workload} do next; nothing else is asked of them. Then make a new plan, pod by pod.`,
    };
  }

  #hopeless({ pods: names }: RackStep, pods: FoundPods): Answer | undefined {
    for (const name of names) {
      const pod = pods.of(name);
      const trouble = pod && hopelessTrouble(pod, this.#target.clock.now());
      if (trouble === undefined) continue;
      const fix = `Repair ${name}. ${this.#route.title} waits for its rack to be ready; nothing else is asked of it.`;
      return { kind: 'stop', reason: `${name} ${trouble}`, fix };
    }
    return undefined;
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { rack } = rackStepOf(step);
    const most = this.#watch.most;
    const seen = most > 1 ? [`${most} nodes were seen out at once for a moment while rack ${rack} was restarted`] : [];
    this.#watch.forget();
    return Promise.resolve([...seen, ...this.#whole.notes()]);
  }

  canAbort(): boolean {
    return this.#isUntouched;
  }

  /** @throws ClusterProblem of kind `busy` when it has begun meanwhile; then it is awaited */
  async abort({ step }: StepContext): Promise<readonly string[]> {
    // Whatever comes of it, it is looked at again before anybody tries once more.
    this.#isUntouched = false;
    return this.#route.withdraw(rackStepOf(step));
  }

  async leave(state: RunState, { plan, steps }: RunRecord): Promise<readonly string[]> {
    if (state.kind !== 'stopped') return [];
    const notes: string[] = [];
    for (const step of plan.steps) {
      const isOpen = steps.some(({ id, phase }) => id === step.id && (phase === 'acting' || phase === 'awaiting'));
      if (isOpen) notes.push(...(await this.#route.leave(rackStepOf(step))));
    }
    return notes;
  }
}

/** Pods that are still those of before the question. */
function leftOf({ memory }: StepContext, { pods: names, uids }: RackStep, pods: FoundPods): readonly string[] {
  const remembered = textsIn(memory, 'uids');
  const before = remembered.length === names.length ? remembered : uids;
  return names.filter((name, place) => {
    const pod = pods.of(name);
    return pod !== undefined && pod.meta.uid === before[place];
  });
}

const restartsOf = ({ pods: names }: RackStep, pods: FoundPods): readonly number[] =>
  names.map((name) => pods.of(name)?.states.reduce((sum, { restarts }) => sum + restarts, 0) ?? -1);
