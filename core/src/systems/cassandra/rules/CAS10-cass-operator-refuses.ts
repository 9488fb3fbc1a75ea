import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { listNames, quoteText } from '#core/lint/structure/describe.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const REFUSED = 'cass-operator refuses the datacenter.';
const RESERVED_PREFIX = 'cassandra.datastax.com';

export const cassOperatorRefuses: ObjectRule = {
  id: 'CAS10',
  title: 'cass-operator refuses the datacenter',
  severity: 'error',
  source:
    'cass-operator ValidateSingleDatacenter, ValidateAdditionalVolumes, ValidateFQLConfig, ValidateServiceLabelsAndAnnotations, 1.32 (webhook)',
  fixable: false,
  refusedBy: 'nobody',
  why: `The webhook of cass-operator looks at what the definition of the kind cannot say: which files of options the server reads, which workloads it
knows, and what members need that share a Kubernetes node. Cassandra 3.11 reads \`jvm-options\`; every later server reads \`jvm-server-options\`.`,
  subject: 'object',
  kinds: ['cassandra.datastax.com/CassandraDatacenter'],
  check: ({ spec, metadata }, report) => {
    checkFiles(spec, report);
    checkWorkloads(spec, report);
    checkSharing(spec, report);
    checkVolumes(spec.at('storageConfig', 'additionalVolumes'), report);
    checkServices(spec.field('additionalServiceConfig'), report);
    checkUpdates(metadata.field('annotations'), report);
  },
};

interface Server {
  readonly type: string;
  readonly version: string;
  readonly isCassandra3: boolean;
}

/** Which servers do not have a file or a setting, and what to write instead. */
const FILES: readonly {
  readonly path: readonly string[];
  readonly isForeign: (server: Server) => boolean;
  readonly instead: string;
}[] = [
  { path: ['jvm-options'], isForeign: ({ isCassandra3 }) => !isCassandra3, instead: 'Write jvm-server-options' },
  { path: ['jvm-server-options'], isForeign: ({ isCassandra3 }) => isCassandra3, instead: 'Write jvm-options' },
  { path: ['dse-yaml'], isForeign: ({ type }) => type !== 'dse', instead: 'Only dse has it' },
  {
    path: ['cassandra-yaml', 'full_query_logging_options'],
    isForeign: ({ type, version }) => type === 'dse' || (type === 'cassandra' && Number(version.split('.')[0]) < 4),
    instead: 'Only Cassandra 4.0 and later log full queries',
  },
];

function checkFiles(spec: NodeView, report: Report): void {
  const type = spec.field('serverType').text;
  const version = spec.field('serverVersion').text;
  if (type === undefined || version === undefined) return;
  const server = { type, version, isCassandra3: type === 'cassandra' && version.startsWith('3.') };
  for (const { path, isForeign, instead } of FILES) {
    const at = spec.at('config', ...path);
    if (!at.entry || !isForeign(server)) continue;
    const message = `${quoteText(path.at(-1) ?? '')} is nothing that ${type} ${version} reads. ${instead}; ${REFUSED}`;
    report({ at, cause: 'forbidden', message });
  }
}

function checkWorkloads(spec: NodeView, report: Report): void {
  if (spec.field('serverType').text !== 'cassandra') return;
  const enabled = spec.field('dseWorkloads').fields.find(({ boolean }) => boolean === true);
  if (!enabled) return;
  const message = `${String(enabled.step)} needs the server type dse, and this datacenter runs cassandra. ${REFUSED}`;
  report({ at: enabled, cause: 'forbidden', message });
}

function checkSharing(spec: NodeView, report: Report): void {
  const shared = spec.field('allowMultipleNodesPerWorker');
  if (shared.boolean !== true) return;
  const resources = spec.field('resources');
  const missing = ['requests', 'limits'].flatMap((kind) =>
    ['cpu', 'memory'].filter((name) => isNothing(resources.at(kind, name))).map((name) => `${kind}.${name}`),
  );
  if (missing.length === 0) return;
  report({
    at: resources,
    cause: 'required',
    message: `Members may share a Kubernetes node here, so their share must be known: ${listNames(missing, 'and')} ${missing.length > 1 ? 'are' : 'is'} missing in spec.resources. ${REFUSED}`,
    related: [{ at: shared, message: 'It lets members share a Kubernetes node' }],
  });
}

function isNothing(amount: NodeView): boolean {
  return amount.isAbsent || amount.quantity === 0;
}

function checkVolumes(volumes: NodeView, report: Report): void {
  for (const volume of volumes.items) {
    const claim = volume.field('pvcSpec');
    const source = volume.field('volumeSource');
    if (claim.isPresent && source.isPresent) {
      report({
        at: source,
        cause: 'forbidden',
        message: `A volume is either a pvcSpec or a volumeSource, and this one is both. ${REFUSED}`,
      });
    } else if (claim.isAbsent && source.isAbsent) {
      report({
        at: volume,
        cause: 'required',
        message: `This volume has neither a pvcSpec nor a volumeSource. ${REFUSED}`,
      });
    }
  }
}

function checkServices(services: NodeView, report: Report): void {
  const additions = services.fields.flatMap((service) => [
    ...service.field('additionalLabels').fields,
    ...service.field('additionalAnnotations').fields,
  ]);
  for (const addition of additions) {
    if (!String(addition.step).startsWith(RESERVED_PREFIX)) continue;
    const message = `Labels and annotations that begin with ${RESERVED_PREFIX} belong to the operator. ${REFUSED}`;
    report({ at: addition, cause: 'forbidden', message });
  }
}

function checkUpdates(annotations: NodeView, report: Report): void {
  const updates = annotations.field(`${RESERVED_PREFIX}/autoupdate-spec`);
  const { text } = updates;
  if (!updates.isPresent || text === undefined || text === 'once' || text === 'always') return;
  const message = `${quoteText(text)} is not known here; write once or always. ${REFUSED}`;
  report({ at: updates, cause: 'unsupported', message });
}
