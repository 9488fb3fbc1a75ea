import type { Answer, RunRecord, RunState, StepRecord, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { CONFIG_BROKER } from '#core/systems/kafka/admin.ts';
import { few, waiting, type MovesRun } from '#core/systems/kafka/operations/moves/movesRun.ts';
import {
  changeSettings,
  readSettings,
  type Change,
  type Settings,
} from '#core/systems/kafka/operations/moves/settings.ts';
import {
  keyOf,
  readValues,
  writeValues,
  type SettingPlace,
  type Values,
} from '#core/systems/kafka/operations/moves/throttles.ts';

/** Log directories that get no new replicas; `*` for all. Source: KIP-1066, Kafka 4.3. */
export const CORDONED = 'cordoned.log.dirs';
export const ALL_DIRS = '*';

/** Where the step keeps what was set before. */
const BEFORE = 'cordonedBefore';

export const cordonPlace = (broker: number): SettingPlace => ({
  type: CONFIG_BROKER,
  name: String(broker),
  key: CORDONED,
});

type Memory = StepRecord['memory'];

/**
 * Sets which disks of some brokers take no new replicas: all of those that leave, so that nobody places anything there meanwhile; none of
 * those that replicas come back to. A run that ends early puts back what was set before; one that is done leaves it so.
 */
export class CordonStep implements StepKind {
  readonly #run: MovesRun;
  /** The value to set; undefined takes it away. */
  readonly #value: string | undefined;

  constructor(run: MovesRun, value: string | undefined) {
    this.#run = run;
    this.#value = value;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const { values, silent } = await this.#read(brokersOf(step.parameters['brokers']));
    return silent.size === 0 && this.#changes(step.parameters['brokers'], values).length === 0;
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  async prepare({ step, memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    if (memory[BEFORE] !== undefined) return memory;
    const { values } = await this.#read(brokersOf(step.parameters['brokers']));
    return { [BEFORE]: writeValues(values), value: this.#value ?? '', brokers: brokersOf(step.parameters['brokers']) };
  }

  async gate(): Promise<Answer> {
    const view = await this.#run.view();
    return this.#run.obstacle(view) ?? { kind: 'yes', evidence: 'every broker is there' };
  }

  act({ step }: StepContext): Promise<ActOutcome> {
    return this.#run.perform(async () => {
      const { values } = await this.#read(brokersOf(step.parameters['brokers']));
      await changeSettings(this.#run.target.door, this.#changes(step.parameters['brokers'], values));
    });
  }

  async awaited(context: StepContext): Promise<Answer> {
    if (await this.isDone(context)) return { kind: 'yes', evidence: 'the brokers tell it' };
    return waiting(`${few(brokersOf(context.step.parameters['brokers']).map((id) => `broker ${id}`))} to tell it`, []);
  }

  finish(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async leave(_state: RunState, record: RunRecord): Promise<readonly string[]> {
    if (this.#run.strangers(await this.#run.view())) return [];
    const notes: string[] = [];
    for (const { memory } of record.steps) {
      if (memory[BEFORE] !== undefined && memory['value'] === (this.#value ?? ''))
        notes.push(...(await this.#putBack(memory)));
    }
    return notes;
  }

  async #putBack(memory: Memory): Promise<readonly string[]> {
    const brokers = brokersOf(memory['brokers']);
    const before = readValues(memory[BEFORE]);
    const { values, silent } = await this.#read(brokers);
    const changes = brokers
      .filter((id) => !silent.has(id))
      .flatMap((id): readonly Change[] => {
        const place = cordonPlace(id);
        const [present, prior] = [values.get(keyOf(place)), before.get(keyOf(place))];
        // Somebody else has set something since.
        return present !== this.#value || present === prior ? [] : [changeTo(place, prior)];
      });
    await changeSettings(this.#run.target.door, changes);
    return [...silent].map(([id, reason]) => `${CORDONED} of broker ${id} could not be put back: ${reason}`);
  }

  async #read(brokers: readonly number[]): Promise<Settings> {
    const { door } = this.#run.target;
    const { brokers: live } = await door.state(undefined);
    return readSettings(door, brokers.map(cordonPlace), live);
  }

  #changes(brokers: unknown, values: Values): readonly Change[] {
    return brokersOf(brokers)
      .map(cordonPlace)
      .filter((place) => values.get(keyOf(place)) !== this.#value)
      .map((place) => changeTo(place, this.#value));
  }
}

export function changeTo(place: SettingPlace, value: string | undefined): Change {
  return {
    ...place,
    change: { name: place.key, operation: value === undefined ? 'delete' : 'set', value: value ?? null },
  };
}

const brokersOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);
