import { addressesOf, linesOf } from '#core/systems/cassandra/nodetool/text.ts';

/** Who keeps the rows whose tokens lie in a range. */
export interface ReplicaRange {
  readonly start: string;
  readonly end: string;
  readonly addresses: readonly string[];
}

/** `nodetool describering KEYSPACE`: one line a range. */
export function parseDescribeRing(text: string): readonly ReplicaRange[] {
  return linesOf(text).flatMap((line) => {
    const found = /TokenRange\(start_token:(-?\w+), end_token:(-?\w+), endpoints:(\[[^()]*?\]), rpc_endpoints:/.exec(
      line,
    );
    if (!found) return [];
    const [, start = '', end = '', list = ''] = found;
    return [{ start, end, addresses: addressesOf(list) }];
  });
}
