import type { LivePod } from '#core/live/objects.ts';
import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import { parametersOf, waiting } from '#core/systems/cassandra/operations/answers.ts';
import type { CassandraRestart } from '#core/systems/cassandra/operations/restartProcedure.ts';
import type { RingNow } from '#core/systems/cassandra/operations/ringNow.ts';
import { isUp, rowOf } from '#core/systems/cassandra/operations/whole.ts';

/**
 * Takes one node out for work on its machine or its disk, and leaves it there:
 *
 * 1. The gate is that of a restart.
 * 2. The node closes CQL and is drained: everything is on disk, and its commit log is empty.
 * 3. It is done when its Mode says DRAINED and its peers see it down; its own status goes on saying that it is up.
 *
 * The pod stays, and its process with it, so that nothing is lost when nobody comes back to it: the way back is a restart of that node. A
 * liveness probe that asks for CQL may restart it earlier.
 */
export class CassandraMaintenance implements Procedure {
  readonly #restart: CassandraRestart;
  readonly #ring: RingNow;

  constructor(restart: CassandraRestart, ring: RingNow) {
    this.#restart = restart;
    this.#ring = ring;
  }

  verifyIdentity(): Promise<string | undefined> {
    return this.#restart.verifyIdentity();
  }

  async isDone(context: StepContext): Promise<boolean> {
    const pod = await this.#pod(context);
    return pod !== undefined && (await this.#away(context, pod)) === undefined;
  }

  async hasActed(context: StepContext): Promise<boolean> {
    const pod = await this.#pod(context);
    return pod !== undefined && this.#restart.isDrained(pod);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#restart.prepare(context);
  }

  gate(context: StepContext): Promise<Answer> {
    return this.#restart.gate(context);
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const { pod: name, version } = parametersOf(context.step);
    const pod = await this.#pod(context);
    if (!pod || pod.meta.uid !== context.memory['uid']) return { kind: 'again', waitingFor: `${name} to be as it was` };
    return this.#restart.drain(pod, version);
  }

  async awaited(context: StepContext): Promise<Answer> {
    const { pod: name } = parametersOf(context.step);
    const pod = await this.#pod(context);
    const fix = `Restart ${name} from here once the others are whole.`;
    if (!pod || pod.meta.uid !== context.memory['uid'])
      return { kind: 'stop', reason: `The pod ${name} is another one: somebody has restarted it.`, fix };
    const problem = this.#restart.failedDrain(pod);
    if (problem !== undefined)
      return { kind: 'stop', reason: `nodetool drain of ${name} did not end well: ${problem}.`, fix };
    return (
      (await this.#away(context, pod)) ?? { kind: 'yes', evidence: `${name} is drained, and its peers see it down` }
    );
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod } = parametersOf(step);
    return Promise.resolve([
      `${pod} is drained and serves nobody, although its own status says that it is up`,
      `Restart ${pod} to bring it back, before the others stop keeping writes for it (three hours as a rule)`,
    ]);
  }

  async #pod({ step }: StepContext): Promise<LivePod | undefined> {
    const { pod: name } = parametersOf(step);
    const pod = (await this.#ring.pods()).of(name);
    return pod?.meta.deletedAt === undefined ? pod : undefined;
  }

  /** What is missing until it is away for everybody; undefined when it is. */
  async #away({ step, memory }: StepContext, pod: LivePod): Promise<Answer | undefined> {
    const { name } = pod.meta;
    const state = await this.#ring.stateOf(pod);
    const mode = state.kind === 'mode' ? state.mode : state.kind;
    if (mode !== 'DRAINED') return waiting(`${name} to be drained; it is ${mode}`, [mode], false);
    const hostId = String(memory['hostId'] ?? parametersOf(step).hostId);
    const isBlind = ({ status }: NodeAnswer): boolean => isUp(rowOf(status?.rows, hostId));
    const { answers } = await this.#ring.others(await this.#ring.pods(), name, { isDoubted: isBlind });
    const blind = answers.filter(isBlind).map(({ member }) => member);
    return blind.length === 0 ? undefined : waiting(`${blind.join(', ')} to see ${name} down`, [blind.length], false);
  }
}
