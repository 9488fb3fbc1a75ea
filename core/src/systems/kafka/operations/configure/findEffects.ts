import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { KnowledgeEntry } from '#core/systems/contract.ts';
import { kafkaKnowledge } from '#core/systems/kafka/knowledge/index.ts';
import {
  alterSettings,
  readBrokerSettings,
  type AlterOutcome,
  type BrokerSettings,
} from '#core/systems/kafka/operations/configure/brokerSettings.ts';
import { toConfigChange } from '#core/systems/kafka/operations/configure/changeLists.ts';
import { delicacyOf } from '#core/systems/kafka/operations/configure/delicateSettings.ts';
import { effectOf, type Effect, type SettingWish } from '#core/systems/kafka/operations/configure/effects.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { nearestName } from '#core/text/distance.ts';

export interface FoundEffect {
  readonly wish: SettingWish;
  readonly effect: Effect;
}

export interface Findings {
  readonly effects: readonly FoundEffect[];
  readonly brokers: readonly BrokerSettings[];
  /** Brokers that did not tell, with the reason. */
  readonly silent: readonly { readonly nodeId: number; readonly reason: string }[];
}

const settings: ReadonlyMap<string, KnowledgeEntry> =
  kafkaKnowledge.files.find(({ name }) => name === 'server.properties')?.table.entries ??
  new Map<string, KnowledgeEntry>();

/**
 * Asks the brokers what each wish would do, and has them check the changes without making them. What they may not be asked for, since it
 * is refused whoever says so, they are not asked. @throws ClusterProblem when no broker answers
 */
export async function findEffects(
  door: KafkaDoor,
  wishes: readonly SettingWish[],
  brokers: readonly number[],
): Promise<Findings> {
  const askable = wishes.filter(({ name }) => delicacyOf(name)?.verdict !== 'refused');
  const { told, silent } = await readAll(
    door,
    brokers,
    askable.map(({ name }) => name),
  );
  const effects: FoundEffect[] = [];
  for (const wish of wishes) effects.push({ wish, effect: await findEffect(door, wish, told) });
  return { effects, brokers: told, silent };
}

async function readAll(
  door: KafkaDoor,
  brokers: readonly number[],
  names: readonly string[],
): Promise<{ told: readonly BrokerSettings[]; silent: Findings['silent'] }> {
  const told: BrokerSettings[] = [];
  const silent: { nodeId: number; reason: string }[] = [];
  let problem: ClusterProblem | undefined;
  // An empty list of names would ask for all settings, and for nothing that is wished.
  for (const nodeId of names.length === 0 ? [] : brokers) {
    try {
      told.push(await readBrokerSettings(door, nodeId, names));
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      problem = error;
      silent.push({ nodeId, reason: messageText(error.message) });
    }
  }
  if (problem && told.length === 0) throw problem;
  return { told, silent };
}

async function findEffect(door: KafkaDoor, wish: SettingWish, told: readonly BrokerSettings[]): Promise<Effect> {
  const delicacy = delicacyOf(wish.name);
  if (delicacy?.verdict === 'refused') return { kind: 'refused', why: delicacy.why, fix: delicacy.fix };
  const isOfEach = settings.get(wish.name)?.scope === 'node';
  const effect = effectOf(wish, told, isOfEach ? 'each' : 'all');
  if (effect.kind === 'unknown') return unknownSetting(wish);
  if (effect.kind !== 'dynamic') return effect;
  const refusal = await firstRefusal(door, wish, effect);
  if (!refusal) return effect;
  // Some settings can be set for one broker at a time only; the brokers know best which.
  const byEach = effectOf(wish, told, 'each');
  const isOther = wish.broker === undefined && !isOfEach && !refusal.isForbidden && byEach.kind === 'dynamic';
  if (isOther && (await firstRefusal(door, wish, byEach)) === undefined) return byEach;
  if (wish.name.startsWith('listener.name.') && wish.broker === undefined && !refusal.isForbidden)
    return { kind: 'restart' };
  const fix = refusal.isForbidden ? 'Give the principal AlterConfigs on the cluster.' : 'Choose another value.';
  return { kind: 'refused', why: `is refused by the brokers: ${refusal.reason}`, fix };
}

type Refusal = Extract<AlterOutcome, { readonly kind: 'refused' }>;

/** What comes after the first stage is checked by the brokers when it is set. */
async function firstRefusal(
  door: KafkaDoor,
  { name }: SettingWish,
  { changes }: Extract<Effect, { readonly kind: 'dynamic' }>,
): Promise<Refusal | undefined> {
  for (const { place, stages } of changes) {
    const change = toConfigChange({ name, value: stages[0] ?? null });
    const outcome = await alterSettings(door, place, [change], { validateOnly: true });
    if (outcome.kind === 'refused') return outcome;
  }
  return undefined;
}

/** Short names are near to many. */
const SHORTEST_MISSPELT = 8;

function unknownSetting({ name, value }: SettingWish): Effect {
  if (value === null) return { kind: 'nothing', why: 'no broker knows it' };
  const known = settings.get(name);
  const since = known?.since === undefined ? '' : ` (there since ${known.since})`;
  const removed = known?.removedIn === undefined ? '' : ` (gone since ${known.removedIn})`;
  if (known) {
    const fix = known.replacedBy === undefined ? 'Leave it out.' : `Its name is ${known.replacedBy} now.`;
    return { kind: 'refused', why: `is not known to these brokers${since}${removed}`, fix };
  }
  const near = name.length < SHORTEST_MISSPELT ? undefined : nearestName(name, settings.keys());
  if (near === undefined) return { kind: 'unknown' };
  return { kind: 'refused', why: 'is not known to these brokers', fix: `Did you mean ${near}?` };
}
