import { network, possibleNodes, type NodeNumber } from '../bed/cluster.ts';
import { run, tryRun } from '../bed/commands.ts';
import type { Fault, FaultOptions } from './fault.ts';
import { nodeNumberOf } from './processes.ts';

/** A table of its own, so that undoing removes exactly what was added. */
const table = 'data_clusters_fault';

const inNode = (node: NodeNumber, ...command: string[]): Promise<string> =>
  run('nsenter', [`--net=/run/netns/${network.namespace(node)}`, ...command]);

/** Cuts one node off: from everybody, or only from the other nodes and their pods. */
export const partitionNode: Fault = {
  name: 'partition-node',
  target: 'node',
  summary:
    'cuts a node off; --mode all (default, also from the API server and clients) or peers (only from other nodes and their pods)',
  async apply(_, target, { mode = 'all' }) {
    const node = nodeNumberOf(target);
    if (mode === 'all') await run('ip', ['link', 'set', network.link(node), 'down']);
    else if (mode === 'peers') await inNode(node, 'nft', peersRules(node));
    else throw new Error('--mode is all or peers.');
    return { mode };
  },
  async undo(_, target) {
    const node = nodeNumberOf(target);
    await run('ip', ['link', 'set', network.link(node), 'up']);
    await removeRules(node);
  },
};

/** Limits what a node receives and sends, loses packets, or delays them. */
export const slowNetwork: Fault = {
  name: 'slow-network',
  target: 'node',
  summary:
    "slows a node's network; --rate kilobytes each second, --loss percent, --delay milliseconds (if the kernel can)",
  async apply(_, target, options) {
    const node = nodeNumberOf(target);
    const { rate, delay, loss } = options;
    if (rate === undefined && delay === undefined && loss === undefined) {
      throw new Error('Say --rate, --delay or --loss.');
    }
    if (rate !== undefined || delay !== undefined) await shape(node, options);
    if (loss !== undefined) await inNode(node, 'nft', lossRules(loss));
    return {};
  },
  async undo(_, target) {
    const node = nodeNumberOf(target);
    await tryRun('tc', ['qdisc', 'del', 'dev', network.link(node), 'root']);
    await tryRun('tc', ['-n', network.namespace(node), 'qdisc', 'del', 'dev', 'eth0', 'root']);
    await removeRules(node);
  },
};

/** Both ends of the node's link, each for the packets that it sends. */
async function shape(node: NodeNumber, options: FaultOptions): Promise<void> {
  const discipline = disciplineOf(options);
  await shapeEnd(['dev', network.link(node), 'root', ...discipline], []);
  await shapeEnd(['dev', 'eth0', 'root', ...discipline], ['-n', network.namespace(node)]);
}

/** Netem does both and is not in every kernel; the token bucket is in nearly all. */
function disciplineOf({ rate, delay }: FaultOptions): string[] {
  const bytes = `${rate ?? 0}kbps`;
  if (delay === undefined) return ['tbf', 'rate', bytes, 'burst', '64kb', 'latency', '400ms'];
  return ['netem', 'delay', `${delay}ms`, ...(rate === undefined ? [] : ['rate', bytes])];
}

async function shapeEnd(what: readonly string[], where: readonly string[]): Promise<void> {
  const { code, stderr } = await tryRun('tc', [...where, 'qdisc', 'replace', ...what]);
  if (code === 0) return;
  const hint = what.includes('netem') ? ' This kernel may have no netem; --rate and --loss do without.' : '';
  throw new Error(`tc: ${stderr.trim()}${hint}`);
}

const removeRules = async (node: NodeNumber): Promise<void> => {
  await tryRun('nsenter', [`--net=/run/netns/${network.namespace(node)}`, 'nft', `delete table inet ${table}`]);
};

/** Before any other rule, and before routing, so that it holds for the node's own packets and for those of its pods. */
const lossRules = (percent: number): string => `
table inet ${table} {
  chain arriving {
    type filter hook prerouting priority -300; policy accept;
    iifname "eth0" numgen random mod 1000 < ${Math.round(percent * 10)} drop
  }
}`;

function peersRules(node: NodeNumber): string {
  const others = possibleNodes.filter((one) => one !== node);
  const addresses = others.flatMap((one) => [network.nodeAddress(one), network.podsOfNode(one)]).join(', ');
  return `
table inet ${table} {
  chain arriving {
    type filter hook prerouting priority -300; policy accept;
    iifname "eth0" ip saddr { ${addresses} } drop
  }
  chain leaving {
    type filter hook postrouting priority 300; policy accept;
    oifname "eth0" ip daddr { ${addresses} } drop
  }
}`;
}
