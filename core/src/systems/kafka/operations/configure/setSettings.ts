import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  alterSettings,
  dynamicValue,
  readBrokerSettings,
  entryText,
  type BrokerSettings,
  type DynamicPlace,
} from '#core/systems/kafka/operations/configure/brokerSettings.ts';
import {
  isValue,
  readValues,
  toConfigChange,
  valueText,
  writeValues,
  type SettingValue,
} from '#core/systems/kafka/operations/configure/changeLists.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { otherKafka } from '#core/systems/kafka/operations/kafkaIdentity.ts';
import { numberIn } from '#core/operations/stepParameters.ts';

export interface SetSettingsTarget {
  readonly door: KafkaDoor;
  readonly kafkaClusterId: string;
  /** Every broker; each is asked whether it has the values for all. */
  readonly brokers: readonly number[];
}

/** Of a step: -1 for all brokers, else the number of one; and what it shall be, was, and will be by later steps. */
export const BROKER = 'broker';
export const WANTED = 'wanted';
export const BEFORE = 'before';
export const LATER = 'later';

/**
 * Sets or takes away settings of running brokers, at one place: that of all brokers, or that of one.
 *
 * 1. The gate asks that the brokers it is about are registered, and that at this place everything is as it was when the plan was made.
 *    What somebody else has changed since is not overwritten.
 * 2. The values of before are remembered, then all settings of the place are changed in one request: all or none.
 * 3. It is done when every broker itself tells the new values.
 *
 * Undo: the values of before are put back, also when the run is cancelled while they are awaited.
 */
export class SetSettings implements StepKind {
  readonly #target: SetSettingsTarget;

  constructor(target: SetSettingsTarget) {
    this.#target = target;
  }

  async isDone(context: StepContext): Promise<boolean> {
    return missingOf(context, await this.#read(context)).length === 0;
  }

  /** What one broker has may not have reached the others yet. */
  async hasActed(context: StepContext): Promise<boolean> {
    return (await this.#read(context)).some((broker) => missingOf(context, [broker]).length === 0);
  }

  async prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const [broker] = await this.#read(context);
    const values = readValues(WANTED, context.step.parameters).map(({ name }): SettingValue => {
      const value = broker && dynamicValue(broker.entries.get(name), placeOf(context));
      return { name, value: value ?? null };
    });
    return writeValues(BEFORE, values);
  }

  async gate(context: StepContext): Promise<Answer> {
    const state = await this.#target.door.state(undefined);
    const stranger = otherKafka(state, this.#target.kafkaClusterId);
    if (stranger) return stranger;
    const absent = this.#brokersOf(context).filter((id) => !state.brokers.includes(id));
    if (absent.length > 0) {
      const waitingFor = `broker ${absent.join(', ')} to be registered and unfenced`;
      return { kind: 'wait', waitingFor, measure: absent, isNear: false };
    }
    const changed = changedSince(context, await this.#read(context));
    if (changed === undefined)
      return { kind: 'yes', evidence: 'nobody has changed these settings since the plan was made' };
    return { kind: 'stop', reason: changed, fix: 'Make a new plan for what is there now.' };
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#alter(context, readValues(WANTED, context.step.parameters));
  }

  async awaited(context: StepContext): Promise<Answer> {
    const missing = missingOf(context, await this.#read(context));
    if (missing.length === 0) return { kind: 'yes', evidence: 'every broker tells the new values' };
    const waitingFor = `broker ${missing.join(', ')} to take the new values`;
    return { kind: 'wait', waitingFor, measure: missing, isNear: true };
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    const before = readValues(BEFORE, context.memory);
    const brokers = await this.#read(context);
    return readValues(WANTED, context.step.parameters).map((wanted) => {
      const old = before.find(({ name }) => name === wanted.name)?.value ?? 'not set';
      const now = brokers.flatMap(({ nodeId, entries }) => {
        const entry = entries.get(wanted.name);
        return entry ? [`broker ${nodeId} has ${entryText(entry)}`] : [];
      });
      return `${wanted.name}: ${old} before, ${wanted.value ?? 'not set'} now; ${now.join(', ')}`;
    });
  }

  canAbort(): boolean {
    return true;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    const before = readValues(BEFORE, context.memory);
    const outcome = await this.#alter(context, before);
    const texts = before.map(valueText).join(', ');
    return [outcome.kind === 'acted' ? `Put back: ${texts}` : `Not put back, the brokers refuse it: ${texts}`];
  }

  async #alter(context: StepContext, values: readonly SettingValue[]): Promise<ActOutcome> {
    const { door } = this.#target;
    // One broker is asked once: whether it happened is asked before it is tried again.
    const [via] = this.#brokersOf(context);
    const changes = values.map(toConfigChange);
    const outcome = await alterSettings(door, placeOf(context), changes, { validateOnly: false, via });
    if (outcome.kind === 'done') return { kind: 'acted' };
    const reason = `The brokers refuse ${values.map(valueText).join(', ')}: ${outcome.reason}`;
    const fix = outcome.isForbidden
      ? 'Give the principal AlterConfigs on the cluster.'
      : 'Make a new plan with another value.';
    return { kind: 'stop', reason, fix };
  }

  #read(context: StepContext): Promise<readonly BrokerSettings[]> {
    const names = readValues(WANTED, context.step.parameters).map(({ name }) => name);
    return Promise.all(this.#brokersOf(context).map((id) => readBrokerSettings(this.#target.door, id, names)));
  }

  #brokersOf(context: StepContext): readonly number[] {
    const place = placeOf(context);
    return place === 'all' ? this.#target.brokers : [place];
  }
}

function placeOf({ step }: StepContext): DynamicPlace {
  const broker = numberIn(step.parameters, BROKER);
  return broker < 0 ? 'all' : broker;
}

/** Brokers that do not tell the wanted values, nor those that a later step of the same plan has set since. */
function missingOf(context: StepContext, brokers: readonly BrokerSettings[]): readonly number[] {
  const wanted = readValues(WANTED, context.step.parameters);
  const later = readValues(LATER, context.step.parameters);
  const place = placeOf(context);
  const has = ({ entries }: BrokerSettings, one: SettingValue): boolean => {
    const found = dynamicValue(entries.get(one.name), place);
    return [one, ...later.filter(({ name }) => name === one.name)].some((value) => isValue(value, found));
  };
  return brokers.filter((broker) => !wanted.every((one) => has(broker, one))).map(({ nodeId }) => nodeId);
}

function changedSince(context: StepContext, brokers: readonly BrokerSettings[]): string | undefined {
  const place = placeOf(context);
  const wanted = readValues(WANTED, context.step.parameters);
  for (const before of readValues(BEFORE, context.step.parameters)) {
    const goal = wanted.find(({ name }) => name === before.name);
    for (const { nodeId, entries } of brokers) {
      const found = dynamicValue(entries.get(before.name), place);
      if (isValue(before, found) || (goal && isValue(goal, found))) continue;
      return `Somebody has changed ${before.name} since the plan was made: broker ${nodeId} has ${found ?? 'no value set at runtime'}.`;
    }
  }
  return undefined;
}
