import { Client, policies, types } from 'cassandra-driver';
import { isPodAddress, resolveInBed } from '../bedNames.ts';

/** The members of the sample, by the names that their Service gives them. */
export const bedMembers: readonly string[] = [0, 1, 2].map((number) => `cassandra-${number}.cassandra.cassandra.svc`);
export const datacenter = 'DC1-chicago';

/** Sends nothing to members whose addresses are not the bed's, whatever the ring says. */
const onlyBed = (): policies.addressResolution.AddressTranslator =>
  Object.assign(policies.defaultAddressTranslator(), {
    translate(address: string, port: number, callback: (endpoint: string) => void): void {
      callback(isPodAddress(address) ? `${address}:${port}` : '127.0.0.1:1');
    },
  });

/** Tries nothing twice: every failure is seen as it happened. */
export async function openStrictSession(members: readonly string[] = bedMembers): Promise<Client> {
  const client = new Client({
    contactPoints: await resolveThoseThatAre(members),
    localDataCenter: datacenter,
    policies: {
      retry: new policies.retry.FallthroughRetryPolicy(),
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(500),
      addressResolution: onlyBed(),
    },
    queryOptions: { consistency: types.consistencies.quorum, prepare: true },
    socketOptions: { connectTimeout: 1500, readTimeout: 5000 },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: 1 }, heartBeatInterval: 2000 },
  });
  await client.connect();
  return client;
}

/** A session with one member only, for what that member alone thinks. */
export async function openMemberSession(member: string): Promise<Client> {
  const contact = `${await resolveInBed(member)}:9042`;
  const client = new Client({
    contactPoints: [contact],
    localDataCenter: datacenter,
    policies: {
      loadBalancing: new policies.loadBalancing.AllowListPolicy(new policies.loadBalancing.RoundRobinPolicy(), [
        contact,
      ]),
      retry: new policies.retry.FallthroughRetryPolicy(),
      addressResolution: onlyBed(),
    },
    queryOptions: { consistency: types.consistencies.one },
    socketOptions: { connectTimeout: 1000, readTimeout: 1500 },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: 1 } },
    // Only this member's own table is read, so the ring need not be known.
    isMetadataSyncEnabled: false,
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.shutdown();
    throw error;
  }
}

/** Some members may be away. */
async function resolveThoseThatAre(members: readonly string[]): Promise<string[]> {
  const found = await Promise.all(members.map((member) => resolveInBed(member).catch(() => undefined)));
  const addresses = found.filter((address) => address !== undefined);
  if (addresses.length === 0) throw new Error('No member of the ring has an address. Is Cassandra up?');
  return addresses;
}
