import { Client, policies, types } from 'cassandra-driver';
import type { Access } from '../bed/kubectl.ts';
import { forwardPort } from './portForward.ts';

export interface CqlSession {
  /** At QUORUM unless told otherwise. */
  execute(
    this: void,
    query: string,
    parameters?: readonly unknown[],
    consistency?: types.consistencies,
  ): Promise<types.ResultSet>;
  close(this: void): Promise<void>;
}

/** A session with one member of the ring, through a forwarded port. Other members are not asked by the driver itself. */
export async function openCql(access: Access, pod: string, namespace = 'cassandra'): Promise<CqlSession> {
  const forward = await forwardPort(access, namespace, pod, 9042);
  const contact = `127.0.0.1:${forward.port}`;
  const client = new Client({
    contactPoints: [contact],
    // The names of other members lead nowhere from here.
    policies: {
      loadBalancing: new policies.loadBalancing.AllowListPolicy(new policies.loadBalancing.RoundRobinPolicy(), [
        contact,
      ]),
    },
    queryOptions: { consistency: types.consistencies.quorum, prepare: true },
    socketOptions: { connectTimeout: 10_000, readTimeout: 20_000 },
  });
  const close = async (): Promise<void> => {
    await client.shutdown();
    await forward.close();
  };
  try {
    await client.connect();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    execute: (query, parameters = [], consistency = types.consistencies.quorum) =>
      client.execute(query, [...parameters], { consistency, prepare: parameters.length > 0 }),
    close,
  };
}
