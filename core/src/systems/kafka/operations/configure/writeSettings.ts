import { objectAt, textAt, textOf, valueAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type Cluster, type ObjectAddress } from '#core/live/ports.ts';
import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  isValue,
  readValues,
  valuesOf,
  writeValues,
  writtenNotes,
  type SettingValue,
} from '#core/systems/kafka/operations/configure/changeLists.ts';
import { BEFORE, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import { editSettings, parseSettings } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';

/** Of a step: the ConfigMap, and either the key that is a file or the keys that become variables, one for each setting. */
export const CONFIG_MAP = 'configMap';
export const FILE = 'file';
export const KEYS = 'keys';

export function configMapAddress(namespace: string, name: string): ObjectAddress {
  return { group: '', version: 'v1', plural: 'configmaps', namespaced: true, namespace, name };
}

/**
 * Writes settings into the ConfigMap that brokers read at their start. No broker is touched by it.
 *
 * 1. The gate asks that the ConfigMap may be changed and that these settings stand there as they did when the plan was made.
 * 2. Their lines are changed, and nothing else of the text; the write counts only for the version of the ConfigMap that was read.
 * 3. It is done when they are read back.
 *
 * Only the settings are remembered, never the text, which may hold secrets. Undo: a plan with the values of before.
 */
export class WriteSettings implements StepKind {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async isDone(context: StepContext): Promise<boolean> {
    const found = await this.#read(context);
    return readValues(WANTED, context.step.parameters).every((wanted) => isValue(wanted, found.get(wanted.name)));
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  async prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const wanted = readValues(WANTED, context.step.parameters);
    return writeValues(BEFORE, valuesOf(wanted, await this.#read(context)));
  }

  async gate(context: StepContext): Promise<Answer> {
    const { parameters } = context.step;
    const name = textIn(parameters, CONFIG_MAP);
    const object = await this.#get(context);
    if (valueAt(object, 'immutable') === true)
      return { kind: 'stop', reason: `ConfigMap ${name} is immutable.`, fix: 'Give the pods another ConfigMap.' };
    const file = textIn(parameters, FILE);
    if (file !== '' && typeof valueAt(object, 'data', file) !== 'string')
      return { kind: 'stop', reason: `ConfigMap ${name} has no ${file} any more.`, fix: 'Make a new plan.' };
    const found = valuesIn(object, context);
    const changed = readValues(BEFORE, parameters).filter((before) => !isValue(before, found.get(before.name)));
    const [first] = changed;
    if (!first) return { kind: 'yes', evidence: `${name} is as it was when the plan was made` };
    const reason = `Somebody has changed ${first.name} in ConfigMap ${name} since the plan was made.`;
    return { kind: 'stop', reason, fix: 'Make a new plan for what is there now.' };
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const name = textIn(context.step.parameters, CONFIG_MAP);
    try {
      const object = await this.#get(context);
      await this.#cluster.mergePatch(this.#address(context), patchOf(object, context.step.parameters));
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${name} not to be changed by others` };
      if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
      const reason = `The server refuses the change of ConfigMap ${name}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Answer> {
    if (await this.isDone(context)) return { kind: 'yes', evidence: 'it is read back as it was written' };
    const name = textIn(context.step.parameters, CONFIG_MAP);
    const reason = `ConfigMap ${name} does not have what was written into it: somebody has put it back.`;
    return { kind: 'stop', reason, fix: 'Change it where it comes from.' };
  }

  finish({ step, memory }: StepContext): Promise<readonly string[]> {
    return Promise.resolve(writtenNotes(readValues(WANTED, step.parameters), readValues(BEFORE, memory)));
  }

  async #read(context: StepContext): Promise<ReadonlyMap<string, string>> {
    return valuesIn(await this.#get(context), context);
  }

  #get(context: StepContext): Promise<JsonObject> {
    return this.#cluster.get(this.#address(context));
  }

  #address({ step }: StepContext): ObjectAddress {
    return configMapAddress(this.#namespace, textIn(step.parameters, CONFIG_MAP));
  }
}

function valuesIn(object: JsonObject, { step: { parameters } }: StepContext): ReadonlyMap<string, string> {
  const file = textIn(parameters, FILE);
  if (file !== '') return parseSettings(textAt(object, 'data', file));
  const data = objectAt(object, 'data');
  const keys = textsIn(parameters, KEYS);
  return new Map(
    readValues(WANTED, parameters).flatMap(({ name }, index) => {
      const value = data[keys[index] ?? ''];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
}

/** A patch for the version of the ConfigMap that was read. */
export function patchOf(object: JsonObject, parameters: Readonly<Record<string, StepValue>>): JsonObject {
  const file = textIn(parameters, FILE);
  const wanted: readonly SettingValue[] = readValues(WANTED, parameters);
  const keys = textsIn(parameters, KEYS);
  const changes = Object.fromEntries(wanted.map(({ name, value }) => [name, value]));
  const data =
    file === ''
      ? Object.fromEntries(wanted.map(({ value }, index) => [keys[index] ?? '', value]))
      : { [file]: editSettings(textOf(valueAt(object, 'data', file)), changes) };
  const metadata = {
    uid: textAt(object, 'metadata', 'uid'),
    resourceVersion: textAt(object, 'metadata', 'resourceVersion'),
  };
  return { metadata, data };
}
