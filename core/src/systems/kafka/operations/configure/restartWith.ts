import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { fileValue, readBrokerSettings } from '#core/systems/kafka/operations/configure/brokerSettings.ts';
import { isValue, valueText, type SettingValue } from '#core/systems/kafka/operations/configure/changeLists.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { numberIn } from '#core/operations/stepParameters.ts';

export interface RestartWithTarget {
  /** The safe restart of one node. */
  readonly restart: StepKind;
  readonly door: KafkaDoor;
  readonly brokers: readonly number[];
  /** What every broker shall have read from its file, and what it had before. */
  readonly wanted: readonly SettingValue[];
  readonly before: readonly SettingValue[];
}

/**
 * The safe restart of a node so that it reads new settings. It does all that the restart does, and then asks the broker whether it has
 * them: one that came back without ends the run, because to restart the others would be in vain.
 */
export class RestartWith implements StepKind {
  readonly #target: RestartWithTarget;

  constructor(target: RestartWithTarget) {
    this.#target = target;
  }

  async isDone(context: StepContext): Promise<boolean> {
    return (await this.#target.restart.isDone(context)) && (await this.#missing(context)).length === 0;
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.#target.restart.hasActed(context);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#target.restart.prepare(context);
  }

  gate(context: StepContext): Promise<Answer> {
    return this.#target.restart.gate(context);
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#target.restart.act(context);
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const answer = await this.#target.restart.awaited(context);
    if (answer.kind !== 'yes') return answer;
    const missing = await this.#missing(context);
    if (missing.length === 0) return { kind: 'yes', evidence: `${answer.evidence}, with the new settings` };
    const nodeId = numberIn(context.step.parameters, 'nodeId');
    const reason = `Broker ${nodeId} is back and runs ${missing.join(', ')}: it reads its settings from elsewhere too.`;
    return { kind: 'stop', reason, fix: 'Find out what gives it that value; no other broker was restarted in vain.' };
  }

  finish(context: StepContext): Promise<readonly string[]> {
    return this.#target.restart.finish(context);
  }

  /** Of controllers nothing is known: they are not asked for settings. */
  async #missing({ step }: StepContext): Promise<readonly string[]> {
    const { door, brokers, wanted, before } = this.#target;
    const nodeId = numberIn(step.parameters, 'nodeId');
    if (!brokers.includes(nodeId)) return [];
    const names = wanted.map(({ name }) => name);
    const { entries } = await readBrokerSettings(door, nodeId, names);
    return wanted.flatMap((one): readonly string[] => {
      const found = fileValue(entries.get(one.name)) ?? entries.get(one.name)?.value;
      const old = before.find(({ name }) => name === one.name);
      // What is gone from the file may still be set by the image; only the old value tells that nothing has changed.
      const isThere = one.value === null ? !(old && old.value !== null && isValue(old, found)) : isValue(one, found);
      return isThere ? [] : [valueText({ name: one.name, value: found ?? null })];
    });
  }
}
