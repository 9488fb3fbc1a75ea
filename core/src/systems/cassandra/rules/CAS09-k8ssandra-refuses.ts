import { checkDns1035Label } from '#core/kubernetes/names.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { quoteText } from '#core/lint/structure/describe.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const REFUSED = 'k8ssandra-operator refuses the cluster.';
/** What its webhook allows for the name of a StatefulSet. */
const LONGEST_SET_NAME = 60;
/** Rack of a datacenter that names none. */
const DEFAULT_RACK = 'default';

export const k8ssandraRefuses: ObjectRule = {
  id: 'CAS09',
  title: 'k8ssandra-operator refuses the cluster',
  severity: 'error',
  source: 'k8ssandra-operator validateK8ssandraCluster, ValidateMedusa, 1.32 (webhook)',
  fixable: false,
  refusedBy: 'nobody',
  why: `The webhook of k8ssandra-operator looks at what the definition of the kind cannot say: every datacenter needs storage, from its own level or that
of the cluster; names become parts of Services and StatefulSets; members that may share a Kubernetes node need resources. Where the webhook is not installed, cass-operator refuses the
datacenter later and the cluster waits without a word.`,
  subject: 'object',
  kinds: ['k8ssandra.io/K8ssandraCluster'],
  check: (object, report) => {
    const cluster = object.spec.field('cassandra');
    for (const datacenter of cluster.field('datacenters').items) {
      checkStorage(datacenter, cluster, report);
      checkSharing(datacenter, report);
      if (checkName(datacenter.at('metadata', 'name'), report)) checkSetNames(datacenter, object, report);
    }
    checkMedusa(object.spec.field('medusa'), report);
  },
};

function checkStorage(datacenter: NodeView, cluster: NodeView, report: Report): void {
  const storage = datacenter.field('storageConfig');
  if (!storage.isAbsent || !cluster.field('storageConfig').isAbsent) return;
  const message = `Neither this datacenter nor spec.cassandra has a storageConfig. ${REFUSED}`;
  report({ at: storage, cause: 'required', message });
}

function checkSharing(datacenter: NodeView, report: Report): void {
  const resources = datacenter.field('resources');
  const soft = datacenter.field('softPodAntiAffinity');
  if (soft.boolean !== true || !resources.isAbsent) return;
  report({
    at: resources,
    cause: 'required',
    message: `softPodAntiAffinity is true in this datacenter, and it has no resources of its own. ${REFUSED}`,
    related: [{ at: soft, message: 'It lets members share a Kubernetes node' }],
  });
}

/** Whether the name is fine, so that others can be made of it. */
function checkName(name: NodeView, report: Report): boolean {
  const { text } = name;
  const problem = text === undefined || text === '' ? undefined : checkDns1035Label(text);
  if (text === undefined || problem === undefined) return text !== undefined && text !== '';
  report({
    at: name,
    cause: 'invalid',
    message: `The name ${quoteText(text)} of this datacenter ${problem}. ${REFUSED} Cassandra itself may know it by another name: datacenterName.`,
  });
  return false;
}

/** `cluster-datacenter-rack-sts`, each part in lower case and without what no name may have. */
function checkSetNames(datacenter: NodeView, { spec, metadata }: ObjectView, report: Report): void {
  const override = spec.at('cassandra', 'clusterName');
  const cluster = override.isAbsent ? metadata.field('name').text : override.text;
  const name = datacenter.at('metadata', 'name');
  const racks = datacenter.field('racks');
  if (cluster === undefined || racks.isOpen || name.text === undefined) return;
  const names = racks.items.length > 0 ? racks.items.map((rack) => rack.field('name').text) : [DEFAULT_RACK];
  for (const rack of names) {
    if (rack === undefined) continue;
    const length = `${cleanLabel(cluster)}-${name.text}-${cleanSubdomain(rack)}-sts`.length;
    if (length <= LONGEST_SET_NAME) continue;
    report({
      at: name,
      cause: 'tooLong',
      message: `The StatefulSet of the rack ${quoteText(rack)} gets a name of ${length} characters, made of cluster, datacenter and rack; at most ${LONGEST_SET_NAME} are allowed. ${REFUSED}`,
    });
    return;
  }
}

/** What cass-operator makes of the name of a cluster. */
function cleanLabel(text: string): string {
  const lower = text.toLowerCase().replaceAll('_', '-');
  return (lower.match(/[a-z](?:[-a-z0-9]*[a-z0-9])?/g) ?? []).join('');
}

function cleanSubdomain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('_', '-')
    .replaceAll(/[^-a-z0-9.]/g, '');
}

function checkMedusa(medusa: NodeView, report: Report): void {
  const reference = medusa.at('medusaConfigurationRef', 'name');
  const prefix = medusa.at('storageProperties', 'prefix');
  if (reference.text === undefined || reference.text === '' || !(prefix.isAbsent || prefix.text === '')) return;
  report({
    at: prefix,
    cause: 'required',
    message: `The storage of Medusa is taken from ${quoteText(reference.text)}, which other clusters may use too, and storageProperties has no prefix of its own. ${REFUSED}`,
  });
}
