import { at } from '../bed/json.ts';
import { read, type TestCluster } from './suite.ts';

export async function isCordoned(cluster: TestCluster, node: string): Promise<boolean> {
  return at(await read(cluster, 'node', node), 'spec', 'unschedulable') === true;
}
