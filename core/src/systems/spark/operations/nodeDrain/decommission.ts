import { objectsOf, textsAt, valueAt } from '#core/json.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Precondition } from '#core/operations/model.ts';
import { podName, type NodePod } from '#core/operations/nodeDrain/residents.ts';
import type { SettingName, SparkSettings } from '#core/systems/spark/operations/nodeDrain/settings.ts';

/** What becomes of what an executor holds when it is evicted. */
export type Fate = 'migrated' | 'finished' | 'lost' | 'hook lost' | 'unknown';

/** Of Spark on Kubernetes; a setting names another. */
const SCRIPT = '/opt/decom.sh';

/** What Kubernetes gives a pod whose author has said nothing: hardly enough to move blocks. */
const USUAL_GRACE_SECONDS = 30;

/**
 * The hook in the live pod decides: it is what the kubelet runs. Spark adds it when decommissioning is on, and a `lifecycle` of the pod
 * replaces it. Blocks are moved only when storage decommissioning is on too. Source: the Spark configuration reference, spark.decommission
 * and spark.storage.decommission since 3.1; BasicExecutorFeatureStep.
 */
function fateOf({ raw }: NodePod, settings: SparkSettings): Fate {
  const script = settings.of('spark.kubernetes.decommission.script') ?? SCRIPT;
  const hooks = objectsOf(valueAt(raw, 'spec', 'containers')).flatMap((container) =>
    textsAt(container, 'lifecycle', 'preStop', 'exec', 'command'),
  );
  const isHooked = hooks.some((word) => word.includes(script));
  if (!isHooked) return isOn(settings, 'spark.decommission.enabled') === true ? 'hook lost' : 'lost';
  const moves = isOn(settings, 'spark.storage.decommission.enabled');
  if (moves === undefined) return 'unknown';
  return moves ? 'migrated' : 'finished';
}

/** Undefined when it is not known. */
function isOn(settings: SparkSettings, name: SettingName): boolean | undefined {
  const value = settings.of(name);
  if (value !== undefined) return value.toLowerCase() === 'true';
  return settings.isWhole ? false : undefined;
}

const LOST =
  'cached blocks and shuffle files on it are gone and are computed again, its tasks are tried again on other executors; the run goes on unless a task or stage fails too often';

const sentences: Readonly<Record<Fate, string>> = {
  migrated:
    'decommissioning is on: it takes no new tasks and sends its blocks to other executors while its grace lasts',
  finished:
    'decommissioning is on, but spark.storage.decommission.enabled is not: it takes no new tasks, and its blocks are lost with it',
  lost: `decommissioning is off: ${LOST}`,
  'hook lost': `spark.decommission.enabled is set, but the pod has not the hook that starts it: a lifecycle of its own has replaced it, so ${LOST}`,
  unknown: 'decommissioning is on; whether its blocks are sent to other executors cannot be read',
};

/** What the eviction of executors costs, with the sources of what is known. */
export function decommissionCheck(executors: readonly NodePod[], settings: SparkSettings): readonly Precondition[] {
  if (executors.length === 0) return [];
  const fates = executors.map((pod) => ({ pod, fate: fateOf(pod, settings) }));
  const kinds = [...new Set(fates.map(({ fate }) => fate))];
  const evidence = kinds.map((kind) => {
    const names = fates.filter(({ fate }) => fate === kind).map(({ pod }) => podName(pod));
    return `${few(names)}: ${sentences[kind]}`;
  });
  const id = { id: 'decommission', title: 'What executors hold is sent to others before they end' };
  const graces = graceSentences(executors, settings, kinds);
  const all = [...evidence, ...graces.sentences, ...partsKept(settings, kinds), `Read from ${sourceOf(settings)}`];
  const isCostly = kinds.some((kind) => kind !== 'migrated' && kind !== 'unknown');
  if (isCostly) return [{ ...id, state: 'warns', evidence: all, fix: fixOf(kinds) }];
  if (graces.isShort) return [{ ...id, state: 'warns', evidence: all, fix: GRACE_FIX }];
  return [{ ...id, state: kinds.includes('unknown') ? 'unknown' : 'holds', evidence: all }];
}

const GRACE_FIX =
  'What is not sent when the grace ends is computed again. Give executors more of it, in terminationGracePeriodSeconds, before the next run.';

function fixOf(kinds: readonly Fate[]): string {
  if (kinds.includes('hook lost'))
    return 'Take the lifecycle off the executors before the next run, or call the script of Spark in it.';
  return 'A run cannot be changed. Set spark.decommission.enabled and spark.storage.decommission.enabled to true before the next one.';
}

/** How much there is to send is known to nobody before it is sent, so the time is told and not judged beyond what is usual. */
function graceSentences(
  executors: readonly NodePod[],
  settings: SparkSettings,
  kinds: readonly Fate[],
): { readonly sentences: readonly string[]; readonly isShort: boolean } {
  if (!kinds.some((kind) => kind === 'migrated' || kind === 'unknown')) return { sentences: [], isShort: false };
  const least = Math.min(...executors.map(({ live }) => live.graceSeconds));
  const isShort = least <= USUAL_GRACE_SECONDS;
  const time = `It has ${least} s for that, its grace; how long it takes depends on how much it holds, which is not known`;
  const kill = settings.of('spark.executor.decommission.forceKillTimeout');
  const forced =
    kill === undefined
      ? []
      : [
          `The driver ends it after ${plainText(kill, 20)} whatever is left (spark.executor.decommission.forceKillTimeout)`,
        ];
  return { sentences: [time, ...forced], isShort };
}

/** What of the blocks is not sent, or where it goes when no other executor is left. */
function partsKept(settings: SparkSettings, kinds: readonly Fate[]): readonly string[] {
  if (!kinds.includes('migrated')) return [];
  const off = (['rddBlocks', 'shuffleBlocks'] as const).filter(
    (kind) => settings.of(`spark.storage.decommission.${kind}.enabled`)?.toLowerCase() === 'false',
  );
  const lost = off.map((kind) => `spark.storage.decommission.${kind}.enabled is false: those blocks are lost`);
  const path = settings.of('spark.storage.decommission.fallbackStorage.path');
  return path === undefined ? lost : [...lost, 'What no other executor takes goes to the fallback storage'];
}

function sourceOf({ source }: SparkSettings): string {
  return `the live pods and ${plainText(source, 200)}`;
}

const SHOWN = 6;

function few(names: readonly string[]): string {
  return names.length > SHOWN
    ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`
    : names.join(', ');
}
