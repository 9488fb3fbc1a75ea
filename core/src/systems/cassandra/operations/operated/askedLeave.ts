import { textAt } from '#core/json.ts';
import type { FoundPods } from '#core/operations/memberPods.ts';
import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { questions } from '#core/systems/cassandra/operations/door.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';
import {
  askedPartsOf,
  type AskedParts,
  type AskedScale,
} from '#core/systems/cassandra/operations/operated/askedScale.ts';
import { tooFewNodes } from '#core/systems/cassandra/operations/scale/scaleDecisions.ts';
import { progressOf } from '#core/systems/cassandra/operations/tending/tendJob.ts';

/** For how long peers may still know a node whose pod is gone before it counts as taken away too early: gossip is slower than Kubernetes. */
const GHOST_MS = 60_000;
const LEAVING = { rows: undefined, streams: true };

/**
 * Asks an operator to take nodes away, one, or one of each rack where it cannot do otherwise:
 *
 * 1. The gate asks that the size is that of the plan, that the operator is there and at rest, that the ring is whole, and that no keyspace wants more
 *    replicas than there will be nodes. The operator does not ask that: it decommissions by force.
 * 2. The field that keeps the size becomes that of the step, for the version that was read.
 * 3. It is awaited until every peer has forgotten the Host IDs, the pods are gone, and the operator says that it is done. A pod that is gone while its
 *    peers still know its node was taken away before it had left: that ends the run.
 *
 * Properties: nothing is asked that would leave a keyspace with too few nodes; the size is never changed back, because an operator that is asked for
 * another size half-way leaves a decommissioned node behind. What is under way is awaited, whatever is wished.
 */
export class AskedLeave implements StepKind {
  readonly #asked: AskedScale;
  /** Since when a pod is gone whose node is still known, by its name. */
  readonly #ghostSince = new Map<string, number>();

  constructor(asked: AskedScale) {
    this.#asked = asked;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const parts = askedPartsOf(step);
    if ((await this.#asked.read()).replicas > parts.to) return false;
    const pods = await this.#asked.target.ring.pods();
    // Later steps of the plan may have taken others away since.
    const present = parts.present.filter((name) => parts.staying.includes(name));
    if (parts.pods.some((name) => pods.of(name) !== undefined)) return false;
    if ((await this.#asked.sizes.unrest()) !== undefined) return false;
    return (await this.#knowing({ ...parts, present }, pods)).every(
      ({ know, silent }) => know.length + silent.length === 0,
    );
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const parts = askedPartsOf(step);
    return (await this.#asked.read()).replicas <= parts.to;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({ ...memory, askedAt: this.#asked.target.ring.now() });
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const parts = askedPartsOf(step);
    if (parts.hostIds.length !== parts.pods.length || parts.hostIds.includes(''))
      return { kind: 'stop', reason: `The Host ID of ${named(parts.pods)} is not known.`, fix: 'Make a new plan.' };
    const { answer, reading } = await this.#asked.gate(parts);
    if (answer.kind !== 'yes' || !reading) return answer;
    const left = reading.ring.nodes.filter(({ hostId }) => !parts.hostIds.includes(hostId));
    const wide = tooFewNodes(reading.keyspaces ?? [], left);
    if (wide.length === 0) return answer;
    return { kind: 'stop', reason: `${named(wide)}.`, fix: 'Lower the replication and make a new plan.' };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const parts = askedPartsOf(step);
    return this.#asked.sizes.set(await this.#asked.read(), parts.to);
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const parts = askedPartsOf(step);
    const trouble = await this.#asked.trouble(parts);
    if (trouble) return trouble;
    const pods = await this.#asked.target.ring.pods();
    for (const { pod, know, silent } of await this.#knowing(parts, pods)) {
      const isGone = pods.of(pod) === undefined;
      const early = isGone && know.length > 0 ? this.#takenAway(parts, pod, know) : undefined;
      if (early) return early;
      if (know.length > 0 || !isGone) return this.#asked.told(await this.#leaving(pod, pods, know));
      if (silent.length > 0) return waiting(`${named(silent)} to answer`, silent, false);
    }
    const unfinished = await this.#asked.unfinished();
    if (unfinished) return this.#asked.told(unfinished);
    return { kind: 'yes', evidence: `${named(parts.pods)} has left, and its pod is gone` };
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const { pods, claims } = askedPartsOf(step);
    const { cluster, namespace } = this.#asked.target;
    const found = await cluster.list({
      group: '',
      version: 'v1',
      plural: 'persistentvolumeclaims',
      namespaced: true,
      namespace,
    });
    const kept = claims.filter((name) => found.some((one) => textAt(one, 'metadata', 'name') === name));
    const left = `${named(pods)} has left the ring; what it held is with the others`;
    if (claims.length === 0) return [left];
    if (kept.length === 0) return [left, `${this.#asked.title} has deleted PersistentVolumeClaim ${claims.join(', ')}`];
    return [
      left,
      `PersistentVolumeClaim ${kept.join(', ')} is still there: a node that has left does not start with its old data`,
    ];
  }

  async #leaving(name: string, pods: FoundPods, know: readonly string[]): Promise<Answer> {
    const { ring } = this.#asked.target;
    const pod = pods.of(name);
    if (!pod || !ring.isRunning(pod)) return waiting(`${named([...know, name])} to be done with ${name}`, know, false);
    const own = await ring.door.ask(pod, [questions.netstats]);
    const mode = own?.netstats?.mode ?? 'silent';
    if (mode === 'NORMAL') return waiting(`${this.#asked.title} to decommission ${name}`, [mode], false);
    if (mode === 'DECOMMISSIONED')
      return waiting(`${this.#asked.title} to take the pod of ${name} away`, [mode, ...know], false);
    const { text, measure } = progressOf(LEAVING, own);
    return waiting(
      `${name} to stream what it holds (${mode}${text === '' ? '' : `, ${text}`})`,
      [mode, ...measure],
      false,
    );
  }

  #takenAway({ from }: AskedParts, pod: string, know: readonly string[]): Answer | undefined {
    const now = this.#asked.target.ring.now();
    const since = this.#ghostSince.get(pod) ?? now;
    this.#ghostSince.set(pod, since);
    if (now - since < GHOST_MS) return undefined;
    const reason = `The pod of ${pod} was taken away before its node had left: ${named(know)} still ${know.length === 1 ? 'knows' : 'know'} it.`;
    return {
      kind: 'stop',
      reason,
      fix: `If its volume is still there, set ${this.#asked.sizes.text} back to ${from} once ${this.#asked.title} is at rest, and it comes back with it. Otherwise remove the node (nodetool removenode) and repair.`,
    };
  }

  /** Of each that goes: who has it in its view, and who should answer and does not. */
  async #knowing(
    { pods: going, hostIds, present }: AskedParts,
    pods: FoundPods,
  ): Promise<
    readonly { readonly pod: string; readonly know: readonly string[]; readonly silent: readonly string[] }[]
  > {
    const asked = present.filter((name) => !going.includes(name));
    const { answers } = await this.#asked.target.ring.others(pods, going[0] ?? '', { isDoubted: () => false });
    const views = asked.map((name) => ({
      name,
      rows: answers.find(({ member }) => member === name)?.status?.rows ?? [],
    }));
    const silent = views.filter(({ rows }) => rows.length === 0).map(({ name }) => name);
    return going.map((pod, place) => ({
      pod,
      know: views.filter(({ rows }) => rows.some((row) => row.hostId === hostIds[place])).map(({ name }) => name),
      silent,
    }));
  }
}
