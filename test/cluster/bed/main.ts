// The local test bed: a real Kubernetes cluster that tests may break.
//   up [WORKLOAD...]           bring it up, with kafka and cassandra unless others are named: kafka-secured, training-operator,
//                              trainer, helm, spark
//   down                       take it down; nothing is left but the caches
//   status                     what runs
//   node-up N, node-down N     power a node on or off as if by its plug; a fourth to a sixth node may be added so
//   cycles                     up and down, again and again, and whether the machine is as it was each time
// Options:
//   --driver NAME              native (Linux, root, no Docker) or kind (Docker); by default kind where Docker answers
//   --control-plane-only       API server, controllers and definitions, no nodes: seconds, and no root
//   --kubernetes MINOR         1.34 (default), or 1.33 with --control-plane-only
//   --strimzi RELEASE          which generation of Strimzi's definitions, such as 1.2.0
//   --install                  install missing Debian packages (always when CI is set)
//   --times N                  cycles: how often (default 20)
//   --keep                     down: keep the disks, so that the same cluster comes back
import process from 'node:process';
import { kubeconfigOf, type NodeNumber } from './cluster.ts';
import { readCommandLine, type Wish } from './commandLine.ts';
import { bringUpKind, kindKubeconfig, takeDownKind } from './kind/driver.ts';
import { runCycles } from './native/cycles.ts';
import { takeDown } from './native/down.ts';
import { withLock } from './native/lock.ts';
import { startNodes, stopNode } from './native/nodes.ts';
import { BedUnavailable } from './native/requirements.ts';
import { bringUp } from './native/up.ts';
import { provideVolumes } from './native/volumes.ts';
import { createProgress } from './progress.ts';
import { printStatus } from './status.ts';

/** Exit code for a machine that cannot carry the bed, so that nobody takes it for a failed test. */
const unavailable = 3;

const commands: Readonly<Record<Wish['command'], (wish: Wish) => Promise<void>>> = {
  up,
  down,
  status: () => printStatus((line) => process.stdout.write(`${line}\n`)),
  'node-up': (wish) =>
    withNode(wish, async (node) => {
      await startNodes(wish.cluster, [node]);
      await provideVolumes(wish.cluster, [node]);
    }),
  'node-down': (wish) => withNode(wish, (node) => stopNode(wish.cluster, node)),
  cycles,
};

try {
  const wish = await readCommandLine(process.argv.slice(2));
  await commands[wish.command](wish);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof BedUnavailable ? unavailable : 1;
}

async function up(wish: Wish): Promise<void> {
  const kubeconfig = wish.driver === 'kind' ? kindKubeconfig() : kubeconfigOf(wish.cluster);
  if (wish.driver === 'kind') await bringUpKind(wish, createProgress());
  else await withLock(wish.cluster, () => bringUp(wish.cluster, wish, createProgress()));
  process.stdout.write(`\nexport KUBECONFIG=${kubeconfig}\n`);
}

async function down(wish: Wish): Promise<void> {
  if (wish.driver === 'kind') await takeDownKind(createProgress());
  else await withLock(wish.cluster, () => takeDown(wish.cluster, wish, createProgress()));
}

/** A cycle counts as failed when anything came or went. */
async function cycles(wish: Wish): Promise<void> {
  const { cluster, times } = wish;
  const leaks = await withLock(cluster, () =>
    runCycles(cluster, times, (progress) => bringUp(cluster, wish, progress)),
  );
  process.stdout.write(`${times - leaks} passed, ${leaks} failed\n`);
  process.exitCode = leaks === 0 ? 0 : 1;
}

async function withNode({ cluster, node }: Wish, work: (node: NodeNumber) => Promise<void>): Promise<void> {
  if (node !== undefined) await withLock(cluster, () => work(node));
}
