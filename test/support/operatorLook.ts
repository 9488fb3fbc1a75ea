import { textOf } from '#core/live/detail/html.ts';
import { renderOperator } from '#core/live/detail/operatorView.ts';
import { examineOperator, unreadAnatomy } from '#core/live/operators/anatomy/examine.ts';
import type { OperatorAnatomy } from '#core/live/operators/anatomy/model.ts';
import { subjectOf } from '#core/live/operators/anatomy/subject.ts';
import { operatorTroubles } from '#core/live/operators/anatomy/troubles.ts';
import type { JsonObject } from '#core/live/ports.ts';
import type { ContextView } from '#core/live/view.ts';
import { START } from '#test/support/fakeClock.ts';
import type { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest } from '#test/support/liveManifests.ts';
import {
  clusterRole,
  clusterRoleBinding,
  hookService,
  lease,
  operatorContext,
  operatorOf,
  operatorPod,
  operatorWorkload,
  POD,
  slice,
  sparkDefinition,
  webhookConfiguration,
} from '#test/support/operatorObjects.ts';

const ALL = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
export const rules = [
  { apiGroups: ['sparkoperator.k8s.io'], resources: ['*'], verbs: ALL },
  { apiGroups: [''], resources: ['pods'], verbs: ALL },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
];
export const hooked = [webhookConfiguration(), hookService, slice(true)];
export const whole = [
  operatorWorkload(),
  operatorPod(),
  sparkDefinition,
  clusterRole('spark', rules),
  clusterRoleBinding('spark'),
  lease(`${POD}_3f2a`),
  ...hooked,
];

export const application = (namespace: string, name: string): JsonObject =>
  manifest('sparkoperator.k8s.io/v1beta2', 'SparkApplication', name, { namespace });

export interface Look {
  readonly anatomy: OperatorAnatomy;
  readonly view: ContextView;
  readonly troubles: readonly string[];
  readonly page: string;
}

export async function look(
  cluster: FakeCluster,
  deployment = operatorWorkload(),
  change: Partial<ContextView> = {},
  /** When the page is drawn; it is read at the start. */
  now = START,
): Promise<Look> {
  const operator = operatorOf(deployment);
  const view = operatorContext(operator, change);
  let anatomy = unreadAnatomy(START);
  await examineOperator(cluster, subjectOf(view, operator), view.operators, START, (more) => (anatomy = more));
  const troubles = operatorTroubles(view, operator, anatomy, now)
    .filter(({ level }) => level !== 'healthy')
    .map(({ level, text }) => `${level}: ${text}`);
  const page = textOf(renderOperator({ view, operator, anatomy, context: 'test', isDemo: false, now }));
  return { anatomy, view, troubles, page: page.replaceAll(/ {2,}/g, ' ') };
}
