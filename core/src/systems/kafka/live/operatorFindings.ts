import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/kafka/live/findings.ts';
import { listOf, objectOf, timeAt, valueAt } from '#core/json.ts';
import { integerAt, oneLine, textAt } from '#core/systems/kafka/live/json.ts';
import { topicFindings } from '#core/systems/kafka/live/customFindings.ts';
import { someOf } from '#core/systems/kafka/live/words.ts';
import { counted } from '#core/live/plainText.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** What the operator says of the cluster in its status. */
export function operatorFindings(cluster: DataCluster): readonly Finding[] {
  const { resource, flavour, successor, customs } = cluster;
  const legacy: Finding[] =
    successor === undefined
      ? []
      : [
          {
            level: 'warning',
            text: successor.replaceAll('`', ''),
            short: 'its operator has ended',
            source: 'operator',
          },
        ];
  const reader = READERS[flavour];
  return [
    ...legacy,
    ...(resource && reader ? reader(resource, customs) : []),
    ...askedRestarts(cluster),
    ...topicFindings(customs),
  ];
}

/** Strimzi restarts pods with this annotation at its next round. */
function askedRestarts({ members }: DataCluster): readonly Finding[] {
  const names = members.filter(({ pod }) => pod?.meta.annotations['strimzi.io/manual-rolling-update'] === 'true');
  if (names.length === 0) return [];
  const list = names.map(({ name }) => name);
  return [operator('working', `Strimzi is asked to restart ${someOf(list, 12)}`, `restart asked for ${someOf(list)}`)];
}

type Reader = (resource: LiveCustom, customs: readonly LiveCustom[]) => readonly Finding[];

const READERS: Readonly<Record<string, Reader>> = {
  strimzi: (resource, customs) => [
    ...strimziConditions(resource, operatorNames.strimzi),
    ...autoRebalance(resource),
    ...customs
      .filter(({ customKind }) => customKind === 'KafkaNodePool')
      .flatMap((pool) => strimziConditions(pool, `Node pool ${pool.meta.name}`)),
  ],
  'confluent-for-kubernetes': (resource, customs) =>
    [resource, ...customs.filter(({ customKind }) => customKind === 'KRaftController')].flatMap(confluentStatus),
  koperator: koperatorStatus,
};

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly at: number | undefined;
}

export function conditionsOf({ status }: LiveCustom): readonly Condition[] {
  return listOf(valueAt(status, 'conditions')).map((condition) => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
    at: timeAt(condition, 'lastTransitionTime'),
  }));
}

/** `MaintenanceError: the message`. */
function whyOf({ reason, message }: { readonly reason: string; readonly message: string }): string {
  return [reason, message].filter((text) => text !== '').join(': ') || 'no reason given';
}

/** Source: the condition types of Strimzi's Kafka resource: Ready, NotReady, Warning, ReconciliationPaused. */
function strimziConditions(resource: LiveCustom, who: string): readonly Finding[] {
  const conditions = conditionsOf(resource);
  const isPaused = conditions.some(({ type, status }) => type === 'ReconciliationPaused' && status === 'True');
  const asked = resource.meta.annotations['strimzi.io/pause-reconciliation'] === 'true';
  const paused: Finding[] =
    isPaused || asked ? [operator('warning', `${who} is paused: changes wait`, 'reconciliation paused')] : [];
  const told = conditions.flatMap((condition) => strimziCondition(condition, who));
  return [...told, ...paused, ...(isPaused || asked ? [] : unobserved(resource, who))];
}

function strimziCondition(condition: Condition, who: string): readonly Finding[] {
  const { type, status, reason, at: changedAt } = condition;
  if (status !== 'True') return [];
  if (type === 'Ready')
    return [{ level: 'healthy', text: `${who} says it is ready`, source: 'operator', ...since(changedAt) }];
  if (type === 'NotReady') {
    const level = reason === 'Creating' ? 'working' : 'unhealthy';
    const short = reason === 'Creating' ? 'being created' : `operator: ${oneLine(whyOf(condition), 90)}`;
    return [{ ...operator(level, `${who} says it is not ready: ${whyOf(condition)}`, short), ...since(changedAt) }];
  }
  if (type !== 'Warning') return [];
  return [
    {
      level: 'warning',
      text: `${who} warns: ${whyOf(condition)}`,
      short: `operator warns: ${oneLine(reason || whyOf(condition), 60)}`,
      source: 'operator',
      ...since(changedAt),
    },
  ];
}

function since(changedAt: number | undefined): { readonly at?: number } {
  return changedAt === undefined ? {} : { at: changedAt };
}

function operator(level: Finding['level'], text: string, short: string): Finding {
  return { level, text, short, source: 'operator' };
}

function unobserved({ meta, status }: LiveCustom, who: string): readonly Finding[] {
  const observed = integerAt(status, 'observedGeneration');
  if (Object.keys(status).length === 0) {
    return [operator('unknown', `${who}: its operator has said nothing yet`, 'its operator has said nothing yet')];
  }
  if (meta.generation === undefined || observed === undefined || observed >= meta.generation) return [];
  return [operator('working', `${who} has not yet acted on the last change`, 'a change is not yet taken up')];
}

function autoRebalance({ status }: LiveCustom): readonly Finding[] {
  const state = textAt(status, 'autoRebalance', 'state');
  if (state === '' || state === 'Idle') return [];
  return [operator('working', `Strimzi moves replicas: ${state}`, 'automatic rebalance under way')];
}

/** Phases and conditions of Confluent for Kubernetes. A phase we do not know is shown and not judged. */
function confluentStatus(resource: LiveCustom): readonly Finding[] {
  const { customKind, meta, status } = resource;
  const who = `${customKind} ${meta.name}`;
  const phase = textAt(status, 'phase');
  const failed = conditionsOf(resource).filter(
    ({ type, status: is }) => JUDGED.has(type.replace('platform.confluent.io/', '')) && is === 'False',
  );
  const findings = failed.map((condition) =>
    operator(
      phase === 'PROVISIONING' ? 'working' : 'warning',
      `${who}: ${condition.type} is false, ${whyOf(condition)}`,
      `operator: ${oneLine(whyOf(condition), 90)}`,
    ),
  );
  return [...confluentPhase(who, phase), ...findings, ...maintenance(resource, who), ...unobserved(resource, who)];
}

const JUDGED = new Set(['cluster-ready', 'statefulset-available', 'pod-ready']);

function confluentPhase(who: string, phase: string): readonly Finding[] {
  if (phase === '') return [];
  if (phase === 'RUNNING') return [{ level: 'healthy', text: `${who} is in phase RUNNING`, source: 'operator' }];
  const level = phase === 'PROVISIONING' ? 'working' : /ERROR|FAIL/i.test(phase) ? 'unhealthy' : 'unknown';
  return [operator(level, `${who} is in phase ${phase}`, `phase ${phase}`)];
}

/** The operator does not roll a cluster of which a pod is in maintenance. */
function maintenance({ meta }: LiveCustom, who: string): readonly Finding[] {
  if (meta.annotations['platform.confluent.io/maintenance-mode'] === undefined) return [];
  return [operator('warning', `${who} is in maintenance mode: the operator does not roll it`, 'in maintenance mode')];
}

const KOPERATOR_STATES: Readonly<Record<string, Finding>> = {
  ClusterRunning: { level: 'healthy', text: 'Koperator says the cluster runs', source: 'operator' },
  ClusterReconciling: operator('working', 'Koperator is at work on the cluster', 'operator at work'),
  ClusterRollingUpgrading: operator('working', 'Koperator restarts brokers one after the other', 'rolling upgrade'),
};

function koperatorStatus({ status }: LiveCustom): readonly Finding[] {
  const state = textAt(status, 'state');
  const known = KOPERATOR_STATES[state];
  const unknown = state === '' ? [] : [operator('unknown', `Koperator says ${state}`, state)];
  const errors = integerAt(status, 'rollingUpgradeStatus', 'errorCount') ?? 0;
  const stopped: Finding[] =
    errors > 0
      ? [
          operator(
            'warning',
            `${counted(errors, 'error')} in Koperator's rolling upgrade`,
            'rolling upgrade has errors',
          ),
        ]
      : [];
  const brokers = Object.entries(objectOf(valueAt(status, 'brokersState')));
  return [...(known ? [known] : unknown), ...stopped, ...outOfSync(brokers), ...gracefulActions(brokers)];
}

function outOfSync(brokers: readonly (readonly [string, unknown])[]): readonly Finding[] {
  const ids = brokers
    .filter(([, state]) => textAt(state, 'configurationState') === 'ConfigOutOfSync')
    .map(([id]) => id);
  if (ids.length === 0) return [];
  const text = `Brokers whose running configuration is not the wanted one: ${someOf(ids, 12)}`;
  return [operator('working', text, `configuration out of sync on ${counted(ids.length, 'broker')}`)];
}

/** Source: the states of Koperator's graceful actions end in Required, Scheduled, Running, Succeeded, Paused, CompletedWithError. */
function gracefulActions(brokers: readonly (readonly [string, unknown])[]): readonly Finding[] {
  return brokers.flatMap(([id, broker]) => {
    const state = textAt(broker, 'gracefulActionState', 'cruiseControlState');
    const words = `broker ${id}: ${state}`;
    if (/(?:CompletedWithError|Failed|Paused)$/.test(state)) return [operator('warning', `Koperator, ${words}`, words)];
    return /(?:Running|Required|Scheduled)$/.test(state) ? [operator('working', `Koperator, ${words}`, words)] : [];
  });
}
