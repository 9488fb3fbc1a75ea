import { valueAt, textMapOf, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
import { hopelessTrouble } from '#core/operations/memberPods.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { Answer, Awaited, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn } from '#core/operations/stepParameters.ts';
import type { TendingMode } from '#core/operations/wishes.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { stopOperatorWork } from '#core/systems/cassandra/operations/operated/stopOperatorWork.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import { TendStep } from '#core/systems/cassandra/operations/tending/tendStep.ts';
import { isTendingMode, verbs, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/** Labels of pods by which CassKop is asked, and by which it answers. Source: pod_operation.go and its constants, 2.1. */
const NAME = 'operation-name';
const STATUS = 'operation-status';
const ARGUMENT = 'operation-argument';
/** On pods that we have asked for: the step and the try. */
const STEP = 'data-clusters.io/step';

/** What a mode is called there; those that are missing have no word. */
export const operationNames: Readonly<Partial<Record<TendingMode, string>>> = {
  cleanup: 'cleanup',
  rebuild: 'rebuild',
  'upgrade sstables': 'upgradesstables',
};

const TRIES = 3;

/**
 * Work of CassKop on one node, which it is asked for by labels of the pod:
 *
 * 1. The gate asks that CassKop is there and done with everything else (it looks at such labels only then), that no pod is asked for or at work,
 *    and what our own way asks of the ring and of the disk. CassKop begins with all pods of a rack that are labelled, so that one is labelled at a time.
 * 2. The pod gets `operation-name`, `operation-status=ToDo`, for a rebuild `operation-argument`, and an annotation that names the step, by one write for
 *    the version that was read.
 * 3. It is awaited by the label: Ongoing, then Done or Error; Done counts once compactionstats and netstats of the node show no such work any more. A pod
 *    that was replaced has lost its labels and its work: it is asked for again, through the gate, three times at most.
 *
 * Properties: never two pods at once; labels of others are never changed. Cancelled before CassKop has begun, the label is taken back; afterwards the work
 * is stopped where nodetool can, and goes on to its end where it cannot.
 */
export class LabelTend implements StepKind {
  readonly #target: RingTarget;
  readonly #obstacle: () => Promise<Answer | undefined>;
  readonly #own: TendStep;

  /** `obstacle`: why CassKop must not be asked now. */
  constructor(target: RingTarget, obstacle: () => Promise<Answer | undefined>) {
    this.#target = target;
    this.#obstacle = obstacle;
    this.#own = new TendStep(target);
  }

  async isDone(context: StepContext): Promise<boolean> {
    const pod = await this.#pod(context.step);
    return pod !== undefined && this.#isOurs(context, pod) && statusOf(pod) === 'Done';
  }

  async hasActed(context: StepContext): Promise<boolean> {
    const pod = await this.#pod(context.step);
    return pod !== undefined && this.#isOurs(context, pod);
  }

  async prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { ...memory, attempt: Math.max(0, numberIn(memory, 'attempt')) };
  }

  async gate(context: StepContext): Promise<Answer> {
    const obstacle = await this.#obstacle();
    if (obstacle) return obstacle;
    const pods = await this.#target.ring.pods();
    const asked = this.#target.ring.nodes.flatMap(({ pod: name }) => {
      const pod = pods.of(name);
      return pod && isUnderWay(statusOf(pod))
        ? [`${name} (${[pod.meta.labels[NAME] ?? [], statusOf(pod)].flat().join(' ')})`]
        : [];
    });
    if (asked.length > 0) return waiting(`CassKop to be done with ${named(asked)}`, asked, false);
    return this.#own.gate(context);
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const { step } = context;
    const { pod: name, operation, source } = partsOf(step);
    const argument = source === '' ? {} : { [ARGUMENT]: source };
    const labels = { [NAME]: operation, [STATUS]: 'ToDo', ...argument };
    try {
      await labelPod(this.#target, name, labels, { [STEP]: this.#mark(context) });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict' || error.kind === 'absent')
        return { kind: 'again', waitingFor: `${name}, which has just been changed` };
      if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
      const reason = `CassKop may not be asked for ${name}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right to patch pods, or see to what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { step, memory } = context;
    const { pod: name, verb, operation } = partsOf(step);
    const { ring } = this.#target;
    const pod = await this.#pod(step);
    const trouble = pod && hopelessTrouble(pod, ring.now());
    if (trouble !== undefined) return { kind: 'stop', reason: `${name} ${trouble}`, fix: `Repair ${name} first.` };
    if (!pod || pod.meta.deletedAt !== undefined) return waiting(`${name} to be there`, ['absent'], false);
    if (!this.#isOurs(context, pod)) {
      const reason = `${name} was replaced, and its labels with the question are gone`;
      const attempt = Math.max(0, numberIn(memory, 'attempt')) + 1;
      if (attempt < TRIES) return { kind: 'again', reason, remember: { attempt } };
      return { kind: 'stop', reason: `${reason}, ${TRIES} times.`, fix: `Find out what happens to ${name} first.` };
    }
    const status = statusOf(pod);
    if (status === 'Error') {
      const reason = `CassKop could not finish ${operation} of ${name} (label ${STATUS}=Error).`;
      return {
        kind: 'stop',
        reason,
        fix: 'Look at the log of CassKop, then make a new plan; the others are untouched.',
      };
    }
    if (status === 'Manual')
      return { kind: 'stop', reason: `Somebody has taken the question for ${name} back.`, fix: 'Make a new plan.' };
    const answer = await ring.door.ask(pod, [questions.netstats, questions.compactions]);
    const { text, measure, isAtWork } = progressOf(verb, answer);
    if (status === 'Done' && !isAtWork)
      return { kind: 'yes', evidence: `CassKop is done with ${operation} of ${name}` };
    if (status === 'ToDo') {
      const obstacle = await this.#obstacle();
      const why = obstacle?.kind === 'wait' ? `: ${obstacle.waitingFor}` : '';
      return waiting(`CassKop to begin ${operation} of ${name}${why}`, [status], false);
    }
    const shown = text === '' ? '' : ` (${text})`;
    return waiting(`CassKop to be done with ${operation} of ${name}${shown}`, [status, ...measure], false);
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod, verb } = partsOf(step);
    return Promise.resolve([`${pod} was ${verb.passive} by CassKop`]);
  }

  canAbort(): boolean {
    return true;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    const { pod: name, verb } = partsOf(context.step);
    const pod = await this.#pod(context.step);
    if (!pod || !this.#isOurs(context, pod) || !isUnderWay(statusOf(pod))) return [];
    if (statusOf(pod) === 'Ongoing') return stopOperatorWork(this.#target, [name], verb);
    // As CassKop itself writes it where nobody has asked yet.
    await labelPod(this.#target, name, { [STATUS]: 'Manual' }, {});
    return [`The question for ${name} is taken back; CassKop had not begun`];
  }

  #isOurs(context: StepContext, { meta }: LivePod): boolean {
    return meta.annotations[STEP] === this.#mark(context);
  }

  #mark({ step, memory }: StepContext): string {
    return `${this.#target.planId}/${step.id}/${Math.max(0, numberIn(memory, 'attempt'))}`;
  }

  async #pod(step: PlannedStep): Promise<LivePod | undefined> {
    return (await this.#target.ring.pods()).of(partsOf(step).pod);
  }
}

const statusOf = ({ meta }: LivePod): string => meta.labels[STATUS] ?? '';

const isUnderWay = (status: string): boolean => status === 'ToDo' || status === 'Ongoing';

/** For the version that was read. @throws ClusterProblem */
export async function labelPod(
  { cluster, namespace }: Pick<RingTarget, 'cluster' | 'namespace'>,
  name: string,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>>,
  options: WriteOptions = {},
): Promise<void> {
  const address: ObjectAddress = { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace, name };
  const object: JsonObject = await cluster.get(address);
  const version = textMapOf(valueAt(object, 'metadata'));
  const metadata = { uid: version['uid'], resourceVersion: version['resourceVersion'], labels, annotations };
  await cluster.mergePatch(address, { metadata }, options);
}

function partsOf({ parameters }: PlannedStep): {
  readonly pod: string;
  readonly verb: Verb;
  readonly operation: string;
  readonly source: string;
} {
  const mode = textIn(parameters, 'mode');
  const operation = isTendingMode(mode) ? operationNames[mode] : undefined;
  if (!isTendingMode(mode) || operation === undefined)
    throw new ClusterProblem('invalid', `The plan has a mode that CassKop has no word for: ${mode}.`);
  return { pod: textIn(parameters, 'pod'), verb: verbs[mode], operation, source: textIn(parameters, 'source') };
}
