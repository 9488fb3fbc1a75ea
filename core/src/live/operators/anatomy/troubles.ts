import { duration } from '#core/live/durations.ts';
import type { Evidence, HealthLevel } from '#core/live/model.ts';
import { consequencesOf } from '#core/live/operators/consequences.ts';
import type {
  DefinitionAnatomy,
  Endpoints,
  ErrorLine,
  LeaseAnatomy,
  ObjectCount,
  OperatorAnatomy,
  Part,
  WebhookAnatomy,
} from '#core/live/operators/anatomy/model.ts';
import { ageOf } from '#core/live/operators/anatomy/errorAge.ts';
import { unwatchable } from '#core/live/operators/anatomy/permissions.ts';
import { doesWatch, ownedBy, subjectOf } from '#core/live/operators/anatomy/subject.ts';
import { recognizeOperator } from '#core/live/operators/recognize.ts';
import { counted, plainText } from '#core/live/plainText.ts';
import type { ContextView, OperatorView } from '#core/live/view.ts';
import { cassandraKinds } from '#core/systems/cassandra/kinds.ts';
import { kafkaKinds } from '#core/systems/kafka/kinds.ts';
import { sparkKinds } from '#core/systems/spark/kinds.ts';
import { tfjobKinds } from '#core/systems/tfjob/kinds.ts';

/**
 * What is wrong with an operator, by all that has been read of it so far: worst first. Nothing is said of what may not be read.
 *
 * @param now what was an error when it was read is past one day, also on a page that is not read again
 */
export function operatorTroubles(
  view: ContextView,
  operator: OperatorView,
  anatomy: OperatorAnatomy,
  now: number,
): readonly Evidence[] {
  const { definitions, counts, webhooks, leases } = anatomy;
  const found = [
    ...operator.health.evidence,
    ...withoutOperator(view, operator),
    ...rivals(view, operator),
    ...valueOf(definitions, []).flatMap(definitionTroubles),
    ...valueOf(counts, []).flatMap((count) => unwatchedObjects(count, operator)),
    ...valueOf(webhooks, []).flatMap((webhook) => webhookTroubles(webhook, operator)),
    ...missingPodWebhook(webhooks, operator),
    ...valueOf(leases, []).flatMap((lease) => leaseTroubles(lease, operator, anatomy.askedAt)),
    ...missingRights(view, operator, anatomy),
    ...currentErrors(anatomy, now),
  ];
  return found.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

const order: readonly HealthLevel[] = ['unhealthy', 'warning', 'unknown', 'working', 'done', 'healthy'];

function valueOf<Value>(part: Part<Value>, otherwise: Value): Value {
  return part.kind === 'read' ? part.value : otherwise;
}

function evidence(level: HealthLevel, text: string): Evidence {
  return { level, text, source: 'kubernetes' };
}

function withoutOperator(view: ContextView, operator: OperatorView): readonly Evidence[] {
  if (operator.workload.readyReplicas > 0 || isWebhookOnly(operator)) return [];
  const { watched } = ownedBy(view, operator);
  const { withoutOperator: text } = consequencesOf(operator.flavour);
  const whom = watched.length === 0 ? '' : `${counted(watched.length, 'data cluster')} without an operator: `;
  return [evidence('unhealthy', `${whom}${text.replace(/\.$/, '')}`)];
}

/** A Deployment that serves webhooks only; the reconciling is done by another. */
export function isWebhookOnly({ workload }: OperatorView): boolean {
  return recognizeOperator(workload)?.operator.isWebhookOnly === true;
}

/** Two that reconcile the same objects undo each other's work. */
function rivals({ operators }: ContextView, operator: OperatorView): readonly Evidence[] {
  if (isWebhookOnly(operator) || operator.watches === undefined) return [];
  const others = operators.filter(
    (other) =>
      other !== operator && other.title === operator.title && other.watches !== undefined && !isSame(other, operator),
  );
  return others
    .filter((other) => doOverlap(other.watches ?? [], operator.watches ?? []))
    .map(({ namespace, name }) =>
      evidence(
        'warning',
        `${plainText(name, 253)} in the namespace ${plainText(namespace, 63)} watches the same namespaces, so that both reconcile what is there`,
      ),
    );
}

function isSame(a: OperatorView, b: OperatorView): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

function doOverlap(a: readonly string[], b: readonly string[]): boolean {
  return a.length === 0 || b.length === 0 || a.some((namespace) => b.includes(namespace));
}

/** Source: the API server refuses a definition that no longer has a version of `status.storedVersions`. */
function definitionTroubles({
  name,
  versions,
  stored,
  isEstablished,
  isBeingDeleted,
  converter,
  converters,
}: DefinitionAnatomy): readonly Evidence[] {
  const what = plainText(name, 253);
  const found: Evidence[] = [];
  if (isBeingDeleted) found.push(evidence('unhealthy', `${what} is being deleted, and every object of it with it`));
  if (!isEstablished)
    found.push(evidence('unhealthy', `${what} is not established, so the API server does not serve it`));
  if (converter !== undefined && isDeaf(converters)) {
    const why = describeDeafness(converter.name, converters);
    found.push(
      evidence(
        'unhealthy',
        `${what}: ${why}, so that objects kept in another version than asked for can be neither read nor written`,
      ),
    );
  }
  for (const version of stored) {
    const known = versions.find((candidate) => candidate.name === version);
    const text = plainText(version, 63);
    if (known === undefined) {
      found.push(
        evidence(
          'unhealthy',
          `${what}: objects may be kept as ${text}, a version that the definition no longer has: they cannot be read`,
        ),
      );
    } else if (!known.isServed) {
      found.push(
        evidence(
          'warning',
          `${what}: objects may still be kept as ${text}, which is no longer served; write them anew and take ${text} out of status.storedVersions before an update drops it`,
        ),
      );
    }
  }
  return found;
}

function unwatchedObjects({ kind, byNamespace }: ObjectCount, { watches }: OperatorView): readonly Evidence[] {
  const outside = [...byNamespace].filter(([namespace]) => !doesWatch(watches, namespace));
  const count = outside.reduce((sum, [, own]) => sum + own, 0);
  if (count === 0) return [];
  const where = outside.map(([namespace]) => plainText(namespace, 63)).slice(0, 5);
  const more = outside.length > where.length ? ` and ${outside.length - where.length} more` : '';
  return [
    evidence(
      'warning',
      `${counted(count, 'object')} of ${plainText(kind, 63)} in namespaces that it does not watch (${where.join(', ')}${more})`,
    ),
  ];
}

function isDeaf(endpoints: Endpoints): boolean {
  return endpoints === 0 || endpoints === 'no service';
}

function describeDeafness(service: string, endpoints: Endpoints): string {
  const name = plainText(service, 63);
  return endpoints === 0 ? `nothing ready stands behind its service ${name}` : `its service ${name} is not there`;
}

function webhookTroubles(webhook: WebhookAnatomy, operator: OperatorView): readonly Evidence[] {
  const { name, service, failurePolicy, rules, endpoints, hasAuthority } = webhook;
  const what = `webhook ${plainText(name, 253)}`;
  const found: Evidence[] = [];
  if (isDeaf(endpoints)) {
    const why = describeDeafness(service.name, endpoints);
    found.push(
      failurePolicy === 'Ignore'
        ? evidence(
            'warning',
            `${what}: ${why}, and failurePolicy Ignore lets pass what it should have seen${ignored(webhook, operator)}`,
          )
        : evidence(
            'unhealthy',
            `${what}: ${why}, and failurePolicy Fail refuses every ${plainText(rules.join('; '), 300)}`,
          ),
    );
  }
  if (!hasAuthority)
    found.push(
      evidence(
        'warning',
        `${what} has no caBundle, so the API server trusts it only if its certificate is publicly known`,
      ),
    );
  return found;
}

function ignored(webhook: WebhookAnatomy, { flavour }: OperatorView): string {
  const { withoutPodWebhook } = consequencesOf(flavour);
  return changesPods(webhook) && withoutPodWebhook !== undefined ? `: ${withoutPodWebhook}` : '';
}

function changesPods({ type, resources }: WebhookAnatomy): boolean {
  return type === 'mutating' && (resources.includes('pods') || resources.includes('*'));
}

function missingPodWebhook(webhooks: Part<readonly WebhookAnatomy[]>, operator: OperatorView): readonly Evidence[] {
  const { needsPodWebhook, withoutPodWebhook = '' } = consequencesOf(operator.flavour);
  if (webhooks.kind !== 'read' || needsPodWebhook !== true || webhooks.value.some(changesPods)) return [];
  return [evidence('warning', `no webhook of it changes pods: ${withoutPodWebhook}`)];
}

/** A lease that is three times as old as it may become is renewed by nobody. */
function leaseTroubles(
  { name, renewedAt, lengthMs = 15_000 }: LeaseAnatomy,
  { workload }: OperatorView,
  now: number,
): readonly Evidence[] {
  if (renewedAt === undefined || workload.readyReplicas === 0 || now - renewedAt < Math.max(60_000, 3 * lengthMs))
    return [];
  return [
    evidence(
      'warning',
      `nobody has renewed the lease ${plainText(name, 253)} for ${duration(now - renewedAt)}: no replica leads, or it no longer uses it`,
    ),
  ];
}

/** Kinds that data clusters are defined by: without them an operator has nothing to do. */
const mainKinds: ReadonlySet<string> = new Set(
  [cassandraKinds, kafkaKinds, sparkKinds, tfjobKinds]
    .flat()
    .filter(({ role }) => role === 'cluster' || role === 'job' || role === 'schedule')
    .map(({ group, kind }) => `${group}/${kind}`),
);

function missingRights(
  view: ContextView,
  operator: OperatorView,
  { permissions }: OperatorAnatomy,
): readonly Evidence[] {
  if (permissions.kind !== 'read' || isWebhookOnly(operator)) return [];
  const subject = subjectOf(view, operator);
  const definitions = subject.definitions.filter(({ group, kind }) => mainKinds.has(`${group}/${kind}`));
  const missing = unwatchable(permissions.value, { ...subject, definitions });
  if (missing.length === 0) return [];
  const account = plainText(permissions.value.account, 253);
  return [
    evidence(
      'warning',
      `no role lets its ServiceAccount ${account} list and watch ${missing.map((name) => plainText(name, 253)).join(', ')}`,
    ),
  ];
}

/** Errors that are past are shown by the page, and say nothing about how the operator is. */
function currentErrors({ errors }: OperatorAnatomy, now: number): readonly Evidence[] {
  if (errors.kind !== 'read') return [];
  const { lines } = errors.value;
  const current = lines.find((line) => ageOf(line, now) === 'current');
  if (current) return [logEvidence('warning', 'its log tells errors, the last one', current)];
  const undated = lines.find((line) => ageOf(line, now) === 'undated');
  return undated ? [logEvidence('unknown', 'its log tells errors without their time, one of them', undated)] : [];
}

function logEvidence(level: HealthLevel, what: string, { text, at }: ErrorLine): Evidence {
  return {
    ...evidence(level, `${what}: ${plainText(text, 200)}`),
    source: 'operator',
    ...(at === undefined ? {} : { at }),
  };
}
