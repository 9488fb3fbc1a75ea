import type { CelRule } from '#core/schema/node.ts';

/** What the conditions of the bundled schemas say, which come without upstream texts; by the condition itself. */
const TEXTS: Readonly<Record<string, string>> = {
  "self.type != 'jmxPrometheusExporter' || has(self.valueFrom)":
    'Metrics of the type jmxPrometheusExporter need valueFrom, which names the ConfigMap with their configuration',
  "self.type != 'strimziMetricsReporter'": 'Metrics of the type strimziMetricsReporter are not possible here',
  "self.type == 'tls' || (!has(self.validityDays) && !has(self.renewalDays))":
    'validityDays and renewalDays belong to authentication of the type tls only',
  "self.type != 'tls' || (has(self.renewalDays) == has(self.validityDays))":
    'validityDays and renewalDays must be given together',
  "self.type != 'tls' || !has(self.renewalDays) || !has(self.validityDays) || self.renewalDays < self.validityDays":
    'renewalDays must be less than validityDays',
  '(has(self.type) && self.type != "topology-label") || self.topologyKey != ""':
    'A rack of the type topology-label needs a topologyKey that is not empty',
  'has(self.type) == false || self.type != "environment-variable" || self.envVarName != ""':
    'A rack of the type environment-variable needs an envVarName that is not empty',
  "self in ['trainer.kubeflow.org/trainjob-controller', 'kueue.x-k8s.io/multikueue']":
    'TrainJobs are managed by trainer.kubeflow.org/trainjob-controller or by kueue.x-k8s.io/multikueue',
  "self == '' || self.matches('^[A-Za-z][A-Za-z0-9+.-]*://.+$')":
    'This must be a URI with a scheme, such as s3://bucket/path',
  "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')":
    'The name must be lower-case letters, digits and "-", beginning with a letter and ending with a letter or digit',
  'size(self.metadata.name) <= 63': 'The name must have at most 63 characters',
  'has(self.lastUpdatedTime)': 'A status needs lastUpdatedTime',
};

/** A condition in words, without a full stop; undefined where only the condition itself can be shown. */
export function describeCondition({ rule, message }: CelRule): string | undefined {
  return message ?? (Object.hasOwn(TEXTS, rule) ? TEXTS[rule] : undefined);
}
