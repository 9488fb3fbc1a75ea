import { duration } from '#core/live/durations.ts';
import type { DataCluster, Evidence, InsideFacts, LiveMember } from '#core/live/model.ts';
import { counted } from '#core/live/plainText.ts';
import { levelIcon, levelWord, systemIcon } from '#core/live/tree/appearance.ts';
import { groupNodes } from '#core/live/tree/groupNodes.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { branch, leaf, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import { clusterTitle, flavourTitle, unitTitle } from '#core/live/tree/titles.ts';
import { isOnNode } from '#core/live/onNode.ts';
import { operationFlags, type RowFlag } from '#core/live/tree/row.ts';
import type { OperationName } from '#core/operations/model.ts';
import type { JudgedCluster, JudgedMember } from '#core/live/view.ts';

/** Reasons beyond these are counted in the tooltip; the detail view has all. */
const SHOWN_EVIDENCE = 8;

interface RememberedNode {
  readonly basis: readonly unknown[];
  readonly node: TreeNode;
}

/** The last row of a data cluster, which is the same as long as everything is that it is made from. */
const remembered = new WeakMap<JudgedCluster, RememberedNode>();

export function clusterNode(scope: ContextScope, parent: string, judged: JudgedCluster): TreeNode {
  const flags = [...scope.flags, ...clusterFlags(scope, judged)];
  const { view, events } = scope.context;
  const minute = Math.floor(scope.input.now / 60_000);
  const basis = [parent, flags.join(), events.get(judged.cluster.key), view?.definitions, view?.limits, minute];
  const known = remembered.get(judged);
  if (known && basis.every((part, index) => part === known.basis[index])) return known.node;
  const node = makeClusterNode(scope, parent, judged, flags);
  remembered.set(judged, { basis, node });
  return node;
}

function makeClusterNode(
  scope: ContextScope,
  parent: string,
  judged: JudgedCluster,
  flags: readonly RowFlag[],
): TreeNode {
  const { cluster, health, inside } = judged;
  const { name: context } = scope;
  const title = clusterTitle(cluster);
  const parts = {
    id: rowIds.cluster(context, cluster.key),
    parent,
    kind: `dataCluster.${cluster.system}`,
    flags,
    label: cluster.name,
    description: [title, flavourTitle(cluster.flavour), cluster.version],
    sentence: health.sentence,
    tooltip: [
      `${unitTitle(cluster)} ${cluster.name} in the namespace ${cluster.namespace}`,
      `${capital(levelWord(health.level))}: ${health.sentence}`,
      ...evidenceLines(health.evidence),
      ...insideLines(inside, title),
      ownerLine(judged),
      cluster.successor ?? '',
    ],
    icon: systemIcon(cluster.system, health.level),
    role: unitTitle(cluster),
    state: levelWord(health.level),
    target: { kind: 'dataCluster', context, key: cluster.key },
  } as const;
  return branch(parts, () => [
    ...judged.members.map((member) => memberNode(scope, parts.id, judged, member)),
    ...groupNodes(scope, parts.id, judged),
  ]);
}

function clusterFlags({ input, name, context }: ContextScope, { cluster }: JudgedCluster): readonly RowFlag[] {
  const isAsked = context.asked.has(cluster.key);
  return [
    input.favourites.has(rowIds.cluster(name, cluster.key)) ? 'favourite' : 'ordinary',
    ...(input.isAskable(cluster) ? (['askable'] as const) : []),
    ...(isAsked ? (['asked'] as const) : []),
    ...(cluster.resource ? (['exists'] as const) : []),
    ...(isJob(cluster) && cluster.members.some(isOnNode) ? (['canMove'] as const) : []),
    ...input.offers(cluster).map((operation) => operationFlags[operation]),
  ];
}

function evidenceLines(evidence: readonly Evidence[]): readonly string[] {
  const lines = evidence.slice(0, SHOWN_EVIDENCE).map(({ level, text }) => `• ${levelWord(level)}: ${text}`);
  const left = evidence.length - lines.length;
  return left > 0 ? [...lines, `• and ${counted(left, 'more fact')}`] : lines;
}

/** Without a word of when: the tooltip does not change as time passes. */
function insideLines(inside: InsideFacts | undefined, title: string): readonly string[] {
  if (!inside) return [];
  const told = inside.facts === undefined ? `${title} itself could not be asked.` : `${title} itself was asked.`;
  return [told, ...inside.problems.slice(0, SHOWN_EVIDENCE)];
}

function ownerLine({ cluster }: JudgedCluster): string {
  const { owner } = cluster;
  if (!owner) return '';
  return 'helmRelease' in owner ? `Helm release ${owner.helmRelease}` : `Owned by ${owner.kind} ${owner.name}`;
}

function memberNode(scope: ContextScope, parent: string, judged: JudgedCluster, judgedMember: JudgedMember): TreeNode {
  const { cluster } = judged;
  const { member, health } = judgedMember;
  const { pod } = member;
  const isCalm = health.level === 'healthy' || health.level === 'done';
  const facts = memberFacts(member, scope.input.now);
  return leaf({
    id: rowIds.member(scope.name, cluster.key, member.name),
    parent,
    kind: `member.${cluster.system}`,
    flags: [
      ...scope.flags,
      ...(pod ? (['exists', ...memberOffers(scope, cluster, ofOneMember)] as const) : []),
      ...(isOnNode(member) && isMovable(scope, cluster) ? (['canMove'] as const) : []),
      ...(isCalm ? [] : memberOffers(scope, cluster, ofOneInTrouble)),
    ],
    label: member.name,
    // Of a member in trouble the reason comes first: there is little room.
    description: isCalm ? facts : [health.sentence, ...facts],
    tooltip: [
      `Pod ${member.name} in the namespace ${cluster.namespace}`,
      `${capital(levelWord(health.level))}: ${health.sentence}`,
      ...evidenceLines(health.evidence),
      ...memberFacts(member, scope.input.now),
    ],
    icon: levelIcon(health.level),
    role: capital(member.role),
    state: levelWord(health.level),
    target: {
      kind: 'pod',
      context: scope.name,
      namespace: cluster.namespace,
      name: member.name,
      ...(pod ? { uid: pod.meta.uid } : {}),
      ...(member.container === '' ? {} : { container: member.container }),
    },
  });
}

const isJob = ({ system }: DataCluster): boolean => system === 'spark' || system === 'tfjob';

/** Members of other systems leave a node by their restart. */
const isMovable = ({ input }: ContextScope, cluster: DataCluster): boolean =>
  isJob(cluster) || input.offers(cluster).includes('restart');

/** What can be done with one member. */
const ofOneMember: ReadonlySet<OperationName> = new Set<OperationName>(['restart', 'drain', 'configure']);

/** Also while it has no pod. */
const ofOneInTrouble: ReadonlySet<OperationName> = new Set<OperationName>(['replace']);

function memberOffers(
  { input }: ContextScope,
  cluster: DataCluster,
  some: ReadonlySet<OperationName>,
): readonly RowFlag[] {
  return input
    .offers(cluster)
    .filter((operation) => some.has(operation))
    .map((operation) => operationFlags[operation]);
}

function memberFacts(member: LiveMember, now: number): readonly string[] {
  const { pod } = member;
  const restarts = pod?.states.reduce((sum, state) => sum + (state.isInit ? 0 : state.restarts), 0) ?? 0;
  return [
    member.index === undefined ? member.role : `${member.role} ${member.index}`,
    member.group,
    member.rack === '' || member.rack === member.group ? '' : `rack ${member.rack}`,
    pod?.node ?? '',
    member.version,
    restarts === 0 ? '' : counted(restarts, 'restart'),
    pod?.meta.createdAt === undefined ? '' : ageOf(now - pod.meta.createdAt),
  ];
}

/** In steps of a minute, so that rows do not change with every second. */
function ageOf(milliseconds: number): string {
  return milliseconds < 120_000 ? 'under 2 min' : duration(milliseconds);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
