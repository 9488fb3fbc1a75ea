import { casesOf, type Case } from '#test/agreement/cases/case.ts';

const JMX = { type: 'jmxPrometheusExporter' };
const CONFIGURED = {
  ...JMX,
  valueFrom: { configMapKeyRef: { name: 'metrics', key: 'kafka.yaml' } },
};

/** Conditions (CEL) of the operators' definitions: each one met and not met, and what keeps the server from asking them. */
export const conditionCases: readonly Case[] = [
  ...casesOf(
    'CEL01',
    'kafka',
    ['spec.kafka.metricsConfig', JMX],
    ['spec.kafka.metricsConfig', CONFIGURED],
    ['spec.kafka.metricsConfig', { type: 'strimziMetricsReporter' }],
    ['spec.cruiseControl', { metricsConfig: JMX }],
    ['spec.cruiseControl', { metricsConfig: CONFIGURED }],
    ['spec.cruiseControl', { metricsConfig: { type: 'strimziMetricsReporter' } }],
    // Other errors: the server asks no conditions any more, and says so.
    [
      ['spec.kafka.metricsConfig', JMX],
      ['spec.kafka.listeners[0].port', 'many'],
    ],
    [
      ['spec.kafka.metricsConfig', JMX],
      ['spec.kafka.listeners[0].name', 'NO'],
    ],
  ),
  ...casesOf('CEL01', 'connect', ['spec.metricsConfig', JMX], ['spec.metricsConfig', CONFIGURED]),
  ...casesOf(
    'CEL01',
    'trainjob',
    ['metadata.name', '9-train'],
    ['metadata.name', 'a.b'],
    ['metadata.name', 'a'.repeat(63)],
    ['metadata.name', 'a'.repeat(64)],
    ['spec.managedBy', 'example.com/queue'],
    ['spec.managedBy', 'kueue.x-k8s.io/multikueue'],
    ['spec.managedBy', ''],
    ['spec.managedBy', null],
    ['spec.initializer', { dataset: { storageUri: 's3://data/alpaca' } }],
    ['spec.initializer', { dataset: { storageUri: '/data/alpaca' } }],
    ['spec.initializer', { dataset: { storageUri: '' } }],
    ['spec.initializer', { dataset: { storageUri: '9://a' } }],
    ['spec.initializer', { model: { storageUri: 'hf://' } }],
    ['spec.initializer', { model: { storageUri: 'hf://x' } }],
    ['spec.initializer', { model: { storageUri: 'hf://a\nb' } }],
    ['status', { trainerStatus: {} }],
  ),
];

/** Of conditions that are new in Strimzi 1.2.0, for a server that has its definitions. */
export const strimzi12Cases: readonly Case[] = [
  ...casesOf(
    'CEL01',
    'kafka',
    ['spec.kafka.rack', { topologyKey: '' }],
    ['spec.kafka.rack', { topologyKey: 'zone' }],
    ['spec.kafka.rack', {}],
    ['spec.kafka.rack', { type: 'topology-label' }],
    ['spec.kafka.rack', { type: 'topology-label', topologyKey: '' }],
    ['spec.kafka.rack', { type: 'topology-label', topologyKey: 'zone' }],
    ['spec.kafka.rack', { type: 'environment-variable' }],
    ['spec.kafka.rack', { type: 'environment-variable', envVarName: '' }],
    ['spec.kafka.rack', { type: 'environment-variable', envVarName: 'RACK' }],
    // Not the type, the length or a member is wrong here: the conditions are asked all the same.
    [
      ['spec.kafka.rack', { topologyKey: '' }],
      ['spec.kafka.listeners[0].name', 'NO'],
    ],
    [
      ['spec.kafka.rack', { topologyKey: '' }],
      ['spec.kafka.listeners[0].type', 'external'],
    ],
  ),
  ...casesOf(
    'CEL01',
    'connect',
    ['spec.rack', { type: 'topology-label', topologyKey: '' }],
    ['spec.rack', { type: 'environment-variable', envVarName: 'RACK' }],
    ['spec.rack', { type: 'environment-variable' }],
  ),
  ...casesOf(
    'CEL01',
    'kafkauser',
    ['spec.authentication.validityDays', 30],
    ['spec.authentication.renewalDays', 30],
    ['spec.authentication', { type: 'tls', validityDays: 30, renewalDays: 10 }],
    ['spec.authentication', { type: 'tls', validityDays: 30, renewalDays: 30 }],
    ['spec.authentication', { type: 'tls', validityDays: 30, renewalDays: 40 }],
    ['spec.authentication', { type: 'scram-sha-512' }],
    ['spec.authentication', { type: 'scram-sha-512', validityDays: 30 }],
    ['spec.authentication', { type: 'scram-sha-512', renewalDays: null }],
  ),
];
