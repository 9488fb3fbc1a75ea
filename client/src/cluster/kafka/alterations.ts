import {
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
  type alterPartitionReassignmentsV0,
  type incrementalAlterConfigsV0,
  type unregisterBrokerV0,
} from '@platformatic/kafka';
import { ClusterProblem } from '#core/live/ports.ts';
import { CONFIG_BROKER, CONFIG_TOPIC, type KafkaApis } from '#core/systems/kafka/admin.ts';
import { rejectOnError } from '#client/cluster/kafka/problems.ts';

/** Requests that change something, and their answers, between the shapes of core and those of the library. */

/** How long the broker itself may wait for the controllers. */
export const ALTERATION_TIMEOUT_MS = 15_000;

type NewAssignments = KafkaApis['AlterPartitionReassignments']['request']['topics'][number];

export const toNewAssignments = ({ name, partitions }: NewAssignments) => ({
  name,
  partitions: partitions.map(({ index, replicas }) => ({
    partitionIndex: index,
    replicas: replicas === null ? null : [...replicas],
  })),
});

type ReassignedResponse = Awaited<ReturnType<typeof alterPartitionReassignmentsV0.api.async>>;

export function toReassigned({
  errorCode,
  responses,
}: ReassignedResponse): KafkaApis['AlterPartitionReassignments']['answer'] {
  rejectOnError(errorCode, 'Kafka does not move partitions');
  return {
    partitions: responses.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({
        topic: name,
        index: partition.partitionIndex,
        errorCode: partition.errorCode,
        message: partition.errorMessage ?? '',
      })),
    ),
  };
}

const RESOURCE_TYPES = new Map([
  [CONFIG_TOPIC, ConfigResourceTypes.TOPIC],
  [CONFIG_BROKER, ConfigResourceTypes.BROKER],
]);

export const resourceTypeOf = (type: number) => RESOURCE_TYPES.get(type) ?? ConfigResourceTypes.UNKNOWN;

type ConfigChanges = KafkaApis['IncrementalAlterConfigs']['request']['resources'][number];
type ConfigChange = ConfigChanges['configs'][number];

const OPERATIONS = {
  set: IncrementalAlterConfigOperationTypes.SET,
  append: IncrementalAlterConfigOperationTypes.APPEND,
  subtract: IncrementalAlterConfigOperationTypes.SUBTRACT,
} as const;

export const toConfigChanges = ({ type, name, configs }: ConfigChanges) => ({
  resourceType: resourceTypeOf(type),
  resourceName: name,
  configs: configs.map(toConfigChange),
});

/** @throws ClusterProblem where a value is missing, which Kafka would refuse */
function toConfigChange({ name, operation, value }: ConfigChange) {
  if (operation === 'delete') return { name, configOperation: IncrementalAlterConfigOperationTypes.DELETE };
  if (value === null) throw new ClusterProblem('configuration', `There is no value for the setting ${name}.`);
  return { name, configOperation: OPERATIONS[operation], value };
}

type AlteredConfigsResponse = Awaited<ReturnType<typeof incrementalAlterConfigsV0.api.async>>;

export function toAlteredConfigs({
  responses,
}: AlteredConfigsResponse): KafkaApis['IncrementalAlterConfigs']['answer'] {
  return {
    resources: responses.map(({ resourceType, resourceName, errorCode, errorMessage }) => ({
      type: resourceType,
      name: resourceName,
      errorCode,
      message: errorMessage ?? '',
    })),
  };
}

type UnregisteredResponse = Awaited<ReturnType<typeof unregisterBrokerV0.api.async>>;

export function toUnregistered(
  { errorCode }: UnregisteredResponse,
  brokerId: number,
): KafkaApis['UnregisterBroker']['answer'] {
  rejectOnError(errorCode, `Kafka does not unregister the broker ${brokerId}`);
  return {};
}
