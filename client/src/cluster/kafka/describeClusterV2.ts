import { createAPI, DescribeClusterEndpointTypes, Writer, type Reader } from '@platformatic/kafka';
import type { ClusterResponse } from '#client/cluster/kafka/answers.ts';

/** KIP-1073, Kafka 4.0: version 2 also names brokers that are fenced. The library ends at version 1. */
export const describeClusterV2 = createAPI<[], ClusterResponse>(
  60,
  2,
  () =>
    Writer.create()
      .appendBoolean(false)
      .appendInt8(DescribeClusterEndpointTypes.BROKERS)
      .appendBoolean(true)
      .appendTaggedFields(),
  (_correlation, _key, _version, reader) => readClusterV2(reader),
);

function readClusterV2(reader: Reader): ClusterResponse {
  reader.readInt32(); // throttle time
  const errorCode = reader.readInt16();
  reader.readNullableString(); // message
  reader.readInt8(); // kind of endpoint
  const clusterId = reader.readString();
  const controllerId = reader.readInt32();
  const brokers = reader.readArray((one) => ({
    brokerId: one.readInt32(),
    host: one.readString(),
    port: one.readInt32(),
    rack: one.readNullableString(),
    isFenced: one.readBoolean(),
  }));
  reader.readInt32(); // authorised operations
  reader.readTaggedFields();
  return { errorCode, clusterId, controllerId, brokers };
}
