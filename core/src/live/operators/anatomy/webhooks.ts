import { objectAt, objectsOf, textAt, textsAt, textsOf } from '#core/json.ts';
import { readEach } from '#core/live/operators/anatomy/reading.ts';
import { readService, serviceName } from '#core/live/operators/anatomy/services.ts';
import type { OperatorSubject, ReadAccess, WebhookAnatomy } from '#core/live/operators/anatomy/model.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { selects } from '#core/live/selects.ts';

const ADMISSION = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false } as const;

const types = [
  { type: 'validating', plural: 'validatingwebhookconfigurations' },
  { type: 'mutating', plural: 'mutatingwebhookconfigurations' },
] as const;

type Draft = Omit<WebhookAnatomy, 'endpoints'>;

/**
 * The webhooks of an operator: those whose service is in its namespace and selects its pods, or that are named after its group or ask
 * about its kinds. The last two hold also when the service is gone, which is what has to be found.
 *
 * @param labels of the pod templates of the operator's Deployments: some have one of their own for webhooks
 * @throws ClusterProblem when the configurations may not be listed
 */
export async function readWebhooks(
  cluster: ReadAccess,
  subject: OperatorSubject,
  labels: readonly Readonly<Record<string, string>>[],
): Promise<readonly WebhookAnatomy[]> {
  const lists = await Promise.all(types.map(({ plural }) => cluster.list({ ...ADMISSION, plural })));
  const { namespace } = subject.operator;
  const drafts = types
    .flatMap(({ type }, index) => (lists[index] ?? []).flatMap((configuration) => draftsOf(type, configuration)))
    .filter(({ service }) => service.namespace === namespace);
  const services = await readEach([...new Set(drafts.map(({ service }) => service.name))], async (name) => ({
    name,
    ...(await readService(cluster, { namespace, name })),
  }));
  const byName = new Map(services.map((service) => [service.name, service]));
  return drafts
    .filter((draft) => {
      const selector = byName.get(draft.service.name)?.selector ?? {};
      return labels.some((own) => selects(selector, own)) || isAbout(draft, subject);
    })
    .map((draft) => ({ ...draft, endpoints: byName.get(draft.service.name)?.endpoints }));
}

function draftsOf(type: WebhookAnatomy['type'], configuration: JsonObject): readonly Draft[] {
  return objectsOf(configuration['webhooks']).flatMap((webhook) => {
    const service = serviceName(objectAt(webhook, 'clientConfig', 'service'));
    if (service === undefined) return [];
    const rules = objectsOf(webhook['rules']);
    return [
      {
        type,
        configuration: textAt(configuration, 'metadata', 'name'),
        name: textAt(webhook, 'name'),
        service,
        failurePolicy: textAt(webhook, 'failurePolicy') || 'Fail',
        rules: rules.map(ruleText),
        resources: rules.flatMap((rule) => textsAt(rule, 'resources').map((name) => name.replace(/\/.*$/, ''))),
        isSelective: ['namespaceSelector', 'objectSelector'].some(
          (field) => Object.keys(objectAt(webhook, field)).length > 0,
        ),
        hasAuthority: textAt(webhook, 'clientConfig', 'caBundle') !== '',
      },
    ];
  });
}

/** `create, update sparkapplications.sparkoperator.k8s.io`. */
function ruleText(rule: JsonObject): string {
  const groups = textsOf(rule['apiGroups']);
  const resources = textsOf(rule['resources']);
  const named = resources.flatMap((resource) =>
    groups.map((group) => (group === '' ? resource : `${resource}.${group}`)),
  );
  return `${textsOf(rule['operations']).join(', ').toLowerCase()} ${named.join(', ')}`;
}

function isAbout({ name, rules }: Draft, { definitions }: OperatorSubject): boolean {
  const groups = new Set(definitions.map(({ group }) => group));
  return [...groups].some((group) => name.endsWith(`.${group}`) || rules.some((rule) => rule.endsWith(`.${group}`)));
}
