import { objectOf, type JsonObject } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { isAnew, nameOf, readObject, type JobPorts } from '#core/operations/jobs/jobNow.ts';
import { anewOf, forget, keptAddress, keptSecret, readKept } from '#core/operations/jobs/kept.ts';
import { obstacleOfChange } from '#core/operations/jobs/unchanged.ts';
import { writing } from '#core/operations/jobs/writing.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import { textIn } from '#core/operations/stepParameters.ts';

export const KEEP = 'keep-manifest';

/**
 * Keeps the manifest of a job, with the changes of the parameter `changes` (a merge patch as JSON), in a Secret of the plan, so that the
 * job can be made anew whoever goes on with the run after its deletion. It is done once that Secret, or the new job, is there.
 * A run that ends early while the job exists takes the Secret away. Cancelled behind the deletion, it makes the job anew, because nobody who
 * cancels wants to be left without one; stopped there, because something refuses it or somebody has deleted the new one, it leaves the
 * Secret, which is all that is left. An object that is on its way out counts as gone.
 */
export class KeepManifest implements StepKind {
  readonly #ports: JobPorts;

  constructor(ports: JobPorts) {
    this.#ports = ports;
  }

  async isDone(): Promise<boolean> {
    const now = await readObject(this.#ports);
    return (now !== undefined && isAnew(this.#ports.plan, now)) || (await this.#isKept());
  }

  hasActed(): Promise<boolean> {
    return this.#isKept();
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve(memory);
  }

  async gate(context: StepContext): Promise<Answer> {
    const { plan } = this.#ports;
    const obstacle = obstacleOfChange(await readObject(this.#ports), plan, context);
    return obstacle ?? { kind: 'yes', evidence: `${nameOf(plan)} can be read` };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const { plan, cluster } = this.#ports;
    const { name, ...kind } = keptAddress(plan);
    return writing(`Secret ${name}`, 'Ask for the right to create and delete Secrets there.', async () => {
      const earlier = await readKept(this.#ports);
      // Of a run whose job is there again; nobody needs it.
      if (earlier && earlier.plan !== plan.id) await cluster.delete({ ...kind, name }, { uid: earlier.uid });
      const now = await readObject(this.#ports);
      if (!now) return;
      const changes = objectOf(JSON.parse(textIn(step.parameters, 'changes') || '{}'));
      await cluster.create(kind, keptSecret(plan, anewOf(now.object, plan, changes), now.resource.meta.generation));
    });
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    if (await this.#isKept()) return { kind: 'yes', evidence: 'the manifest is kept' };
    return { kind: 'again', reason: 'The manifest was not kept.', remember: memory };
  }

  finish(): Promise<readonly string[]> {
    const { name } = keptAddress(this.#ports.plan);
    return Promise.resolve([`The manifest is kept in Secret ${name} until the job is there again`]);
  }

  async leave(state: RunState): Promise<readonly string[]> {
    const { plan } = this.#ports;
    const kept = await readKept(this.#ports);
    if (kept?.plan !== plan.id || !kept.manifest) return [];
    const now = await readObject(this.#ports);
    if (now && now.resource.meta.deletedAt === undefined) {
      await forget(this.#ports);
      return [];
    }
    const where = `Its manifest is kept in Secret ${keptAddress(plan).name}, under the key manifest.`;
    if (now || state.kind !== 'cancelled')
      return [`${nameOf(plan)} is ${now ? 'being deleted' : 'not there now'}. ${where}`];
    return this.#putBack(kept.manifest, where);
  }

  async #putBack(manifest: JsonObject, where: string): Promise<readonly string[]> {
    const { plan, cluster } = this.#ports;
    const { name: _, ...kind } = addressOf(plan.target.anchor, plan.target.namespace);
    try {
      await cluster.create(kind, manifest);
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      return [`${nameOf(plan)} is deleted, and could not be made anew: ${messageText(error.message)}. ${where}`];
    }
    await forget(this.#ports);
    return [`${nameOf(plan)} had been deleted already: it is made anew from the manifest that was kept`];
  }

  async #isKept(): Promise<boolean> {
    const kept = await readKept(this.#ports);
    return kept?.plan === this.#ports.plan.id && kept.manifest !== undefined;
  }
}
