import { textAt } from '#core/json.ts';
import type { Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { readResource } from '#core/operations/operated/resource.ts';
import { numberIn, textIn } from '#core/operations/stepParameters.ts';
import { askedPartsOf, type CleanupWord } from '#core/systems/cassandra/operations/operated/askedScale.ts';
import { NO_CLEANUP, operatorCleanups } from '#core/systems/cassandra/operations/operated/operatorCleanups.ts';

/** Seconds of the name of a task are those of the operator's clock. */
const CLOCKS_DIFFER_MS = 60_000;

/** Who cleans up after nodes have joined: the operator by itself, or a person next. */
export function cleanupWordOf({ target, parameters }: Plan, cluster: Cluster): CleanupWord {
  const flavour = textIn(parameters, 'flavour');
  return async ({ step, memory }) => {
    const { pods, present } = askedPartsOf(step);
    const next = `The older nodes still hold rows that ${pods.join(', ')} own now. Next is a cleanup of ${present.join(', ')}: rebalance with the mode cleanup.`;
    if (flavour === 'casskop') {
      const { resource } = await readResource(cluster, target.namespace, target.anchor);
      if (resource.spec['autoPilot'] !== true) return next;
      return 'CassKop cleans up by itself (autoPilot): its pods have the label operation-name=cleanup until it is done.';
    }
    if (flavour !== 'cass-operator') return next;
    const { namespace, anchor } = target;
    const { resource } = await readResource(cluster, namespace, anchor);
    if (Object.hasOwn(resource.meta.annotations, NO_CLEANUP))
      return `${next} cass-operator does none (annotation ${NO_CLEANUP}).`;
    const clusterName = textAt(resource.spec, 'clusterName');
    const found = await operatorCleanups(cluster, { namespace, datacenter: anchor.name, clusterName });
    const own = found.find(({ madeAt }) => madeAt >= numberIn(memory, 'askedAt') - CLOCKS_DIFFER_MS);
    if (!own) return `cass-operator makes a cleanup by itself after it has added nodes; none is seen yet. ${next}`;
    const state =
      own.task.state === 'completed' ? 'is done' : own.task.state === 'failed' ? 'has failed' : 'is under way';
    return `cass-operator cleans up the older nodes by itself: CassandraTask ${own.task.name} ${state}. Nothing has to be done for it.`;
  };
}
