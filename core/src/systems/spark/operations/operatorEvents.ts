import { decodeEvent } from '#core/live/decode/event.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { SparkJob } from '#core/systems/spark/operations/job.ts';

const events = { group: '', version: 'v1', plural: 'events', namespaced: true } as const;

/** Reasons of the Kubeflow operator about a change of the spec and about submissions. Source: its event filter and controller. */
const REASONS = new Set([
  'SparkApplicationSpecUpdateFailed',
  'SparkApplicationSpecUpdateProcessed',
  'SparkApplicationWebhookFieldsUpdated',
  'SparkApplicationSubmissionFailed',
  'SparkApplicationSubmitted',
  'SparkApplicationSuspended',
  'SparkApplicationResuming',
]);

const SECOND_MS = 1000;
const MOST = 5;

/** What the operator has said since the plan was made; nothing where Events may not be read. */
export async function operatorEvents({ cluster, plan, target }: SparkJob): Promise<readonly string[]> {
  try {
    const fieldSelector = `involvedObject.name=${target.anchor.name}`;
    const found = await cluster.list({ ...events, namespace: target.namespace, fieldSelector });
    return found
      .flatMap((object) => decodeEvent(object) ?? [])
      .filter(({ reason, at }) => REASONS.has(reason) && (at ?? 0) >= plan.madeAt - SECOND_MS)
      .slice(-MOST)
      .map(({ reason, message }) => `The operator says ${reason}: ${messageText(message)}`);
  } catch (error) {
    if (error instanceof ClusterProblem) return [];
    throw error;
  }
}
