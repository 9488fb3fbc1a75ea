import { isSetAt, textAt } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import type { Cluster } from '#core/live/ports.ts';
import type { OperationTarget } from '#core/operations/model.ts';
import type { JobVoice } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { readAnchor } from '#core/operations/nodeDrain/departure/readAnchor.ts';

/** States in which there is no run, or none for long. Source: the states of the Kubeflow operator and of the Apache operator. */
const over: ReadonlySet<string> = new Set(
  [
    ['COMPLETED', 'FAILED', 'SUSPENDED', 'SUSPENDING', 'SUCCEEDING', 'FAILING', 'INVALIDATING', 'PENDING_RERUN'],
    ['Succeeded', 'Failed', 'DriverEvicted', 'ResourceReleased', 'TerminatedWithoutReleaseResources'],
  ].flat(),
);

/** What the operator says of an application; one without an operator is only told of by its driver. */
export function sparkVoice(target: OperationTarget, cluster: Cluster): JobVoice {
  return {
    async over() {
      const now = await readAnchor(cluster, target);
      if (now === 'gone') return `${target.name} is deleted`;
      if (now === 'unread') return undefined;
      if (isSetAt(now, 'spec', 'suspend')) return `${target.name} is suspended`;
      const state = stateOf(now);
      return over.has(state) ? `${target.name} is ${state}` : undefined;
    },
    async finished() {
      const now = await readAnchor(cluster, target);
      return typeof now === 'string' || !isFinished(now) ? undefined : `${target.name} is ${stateOf(now)}`;
    },
    async state() {
      const now = await readAnchor(cluster, target);
      if (now === 'gone') return `${target.name} is deleted`;
      const state = now === 'unread' ? '' : stateOf(now);
      return state === '' ? undefined : `Its operator says of ${target.name}: ${messageText(state, 60)}`;
    },
  };
}

/** Whether the run of an application has ended and none follows by itself. Source: as above; both operators keep these for ever. */
const finished: ReadonlySet<string> = new Set([
  'COMPLETED',
  'FAILED',
  'ResourceReleased',
  'TerminatedWithoutReleaseResources',
]);

export function isFinished(resource: { readonly status?: unknown }): boolean {
  return finished.has(stateOf({ status: resource.status }));
}

function stateOf(resource: Readonly<Record<string, unknown>>): string {
  return (
    textAt(resource, 'status', 'applicationState', 'state') ||
    textAt(resource, 'status', 'currentState', 'currentStateSummary') ||
    textAt(resource, 'status', 'state')
  );
}
