import type { DataCluster } from '#core/live/model.ts';
import type { OperationTarget } from '#core/operations/model.ts';
import type { SystemId } from '#core/systems/contract.ts';

/** A job that its own run has deleted and not made anew yet: what is known of it without its object. */
export function goneData({ key, namespace, name }: OperationTarget, system: SystemId): DataCluster {
  return {
    key,
    system,
    flavour: '',
    namespace,
    name,
    resource: undefined,
    owner: undefined,
    members: [],
    wanted: undefined,
    version: '',
    workloads: [],
    services: [],
    claims: [],
    budgets: [],
    customs: [],
    configMaps: [],
    secrets: [],
  };
}
