import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import type { JobState } from '#core/systems/cassandra/nodetool/job.ts';
import type { StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import { oneLine } from '#core/systems/cassandra/nodetool/text.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import { DeadGate } from '#core/systems/cassandra/operations/replace/deadGate.ts';
import { replacePartsOf, type ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import { tokenOf, type RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';

export const REMOVE = 'remove-node';

const TRIES = 3;
const REPLICATING = { rows: undefined, streams: true };

/**
 * Takes a dead node out of a ring whose pod does not come back:
 *
 * 1. The gate asks that nothing of the node runs, that every other one sees it down, and that the rest of the ring is whole (deadGate.ts). Then
 *    the run pauses and goes on for whoever types the name of the node: a node that was removed cannot come back with its data.
 * 2. `nodetool removenode` with its Host ID is begun in the container of one of the others and goes on there: those that own its ranges now are
 *    sent them by replicas that are left.
 * 3. It is awaited until every other node has forgotten the Host ID. Where the command was lost with its container, it is begun again by another
 *    node through the gate, three times at most.
 *
 * It is never forced, and `assassinate` is never used: both drop the node from the ring without giving its ranges to anybody.
 */
export class RemoveStep implements StepKind {
  readonly #target: RingTarget;
  readonly #gate: DeadGate;

  constructor(target: RingTarget) {
    this.#target = target;
    this.#gate = new DeadGate(target);
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const { known, silent } = await this.#views(replacePartsOf(step), await this.#target.ring.pods());
    return known.length + silent.length === 0;
  }

  async hasActed(context: StepContext): Promise<boolean> {
    const pods = await this.#target.ring.pods();
    const { known, silent, isLeaving } = await this.#views(replacePartsOf(context.step), pods);
    if (isLeaving || known.length + silent.length === 0) return true;
    const job = await this.#job(context, pods);
    return job?.kind === 'running' || job?.kind === 'ended';
  }

  /** Whoever is told to remove it; another one each time. */
  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const { others } = replacePartsOf(step);
    const pods = await this.#target.ring.pods();
    const attempt = numberIn(memory, 'attempt') + 1;
    const running = others.filter((name) => {
      const pod = pods.of(name);
      return pod?.isReady === true && this.#target.ring.isRunning(pod);
    });
    return { ...memory, attempt, coordinator: running[attempt % Math.max(1, running.length)] ?? '' };
  }

  async gate({ step, memory }: StepContext): Promise<Answer> {
    const parts = replacePartsOf(step);
    const answer = await this.#gate.ask(parts, await this.#target.ring.pods());
    if (answer.kind !== 'yes' || textsIn(memory, 'agreed').includes(parts.dead)) return answer;
    return {
      kind: 'pause',
      reason: `Next, the node ${parts.dead} (${parts.address}) is removed from the ring for good. Its data cannot be used again, and this cannot be taken back.`,
      fix: `Go on by typing ${parts.typed}, when it does not come back.`,
      remember: { agreed: [parts.dead] },
      typed: parts.typed,
    };
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const { dead } = replacePartsOf(context.step);
    const name = textIn(context.memory, 'coordinator');
    const pod = (await this.#target.ring.pods()).of(name);
    const job = pod && (await this.#target.ring.door.begin(pod, this.#token(context), ['removenode', dead]));
    if (job === undefined)
      return { kind: 'again', waitingFor: `nodetool of ${name === '' ? 'a node' : name} to answer` };
    if (job.kind !== 'nowhere') return { kind: 'acted' };
    const reason = `No directory in the container of ${name} may be written, so a long command could not be followed.`;
    return { kind: 'stop', reason, fix: 'Mount an emptyDir at /tmp.' };
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const parts = replacePartsOf(context.step);
    const pods = await this.#target.ring.pods();
    const { known, silent } = await this.#views(parts, pods);
    if (known.length + silent.length === 0) return { kind: 'yes', evidence: `nobody knows ${parts.dead} any more` };
    const job = await this.#job(context, pods);
    const coordinator = textIn(context.memory, 'coordinator');
    if (job?.kind === 'running') return this.#progress(parts, coordinator, pods);
    if (job?.kind === 'ended' && job.exitCode !== 0) {
      const said = failureOf({ exitCode: job.exitCode, stdout: job.said, stderr: '' })?.text ?? '';
      const reason = `${coordinator} did not remove ${parts.dead}: ${said}.`;
      return { kind: 'stop', reason, fix: 'See to the reason, then resume. A removal is never forced from here.' };
    }
    if (job?.kind === 'ended')
      return waiting(`${named([...known, ...silent])} to forget ${parts.dead}`, [known.length, silent.length], false);
    if (job === undefined) return waiting(`${coordinator} to answer`, [coordinator], false);
    const reason = `The removal was lost: the container of ${coordinator} was restarted meanwhile`;
    const tries = Math.max(0, numberIn(context.memory, 'tries')) + 1;
    if (tries < TRIES) return { kind: 'again', reason, remember: { tries } };
    return { kind: 'stop', reason: `${reason}, ${TRIES} times.`, fix: 'Find out what restarts the nodes first.' };
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod, dead, claims } = replacePartsOf(step);
    const kept = `Its volume is kept, and must not be used again: delete PersistentVolumeClaim ${claims.join(', ')} before ${pod} is made again`;
    return Promise.resolve([
      `${dead} is no member of the ring any more, and the others own its ranges`,
      ...(claims.length === 0 ? [] : [kept]),
      'Each range was sent by one replica. Next is a repair: rebalance with the mode repair.',
    ]);
  }

  /** By whom confirmation is waited for, as the node says that removes it, and what all of them are sent. */
  async #progress({ dead, others }: ReplaceParts, coordinator: string, pods: FoundPods): Promise<Answer> {
    const { ring } = this.#target;
    const pod = pods.of(coordinator);
    const batch = pod && (await ring.door.run(pod, [{ name: 'removal', args: ['removenode', 'status'] }]));
    const said = /Waiting for replication confirmation from \[([^\]]*)\]/.exec(
      batch?.results.get('removal')?.stdout ?? '',
    );
    const from = oneLine(said?.[1] ?? '').slice(0, 200);
    const running = others.flatMap((name) => pods.of(name) ?? []).filter((one) => ring.isRunning(one));
    const streams = (await ring.door.askAll(running, [questions.netstats])).map((answer) =>
      progressOf(REPLICATING, answer),
    );
    const texts = streams.flatMap(({ text }) => (text === '' ? [] : [text]));
    const how = [...(from === '' ? [] : [`confirmation of ${from}`]), ...texts.slice(0, 3)].join(', ');
    return waiting(
      `the ranges of ${dead} to be copied${how === '' ? '' : ` (${how})`}`,
      [from, ...streams.flatMap(({ measure }) => measure)],
      false,
    );
  }

  async #views(
    { dead, pod, others }: ReplaceParts,
    pods: FoundPods,
  ): Promise<{ readonly known: readonly string[]; readonly silent: readonly string[]; readonly isLeaving: boolean }> {
    const { answers } = await this.#target.ring.others(pods, pod, { isDoubted: () => false });
    const rowsOf = (name: string): readonly StatusRow[] =>
      answers.find(({ member }) => member === name)?.status?.rows ?? [];
    const running = others.filter((name) => {
      const one = pods.of(name);
      return one !== undefined && this.#target.ring.isRunning(one);
    });
    return {
      known: others.filter((name) => rowsOf(name).some(({ hostId }) => hostId === dead)),
      // Those that are down as well learn of it by gossip when they come back.
      silent: running.length === 0 ? others : running.filter((name) => rowsOf(name).length === 0),
      isLeaving: answers.some(({ status }) =>
        status?.rows.some(({ hostId, state }) => hostId === dead && state === 'leaving'),
      ),
    };
  }

  async #job(context: StepContext, pods: FoundPods): Promise<JobState | undefined> {
    const pod = pods.of(textIn(context.memory, 'coordinator'));
    return pod && this.#target.ring.door.look(pod, this.#token(context));
  }

  #token({ step, memory }: StepContext): string {
    return tokenOf(this.#target, step, numberIn(memory, 'attempt'));
  }
}
