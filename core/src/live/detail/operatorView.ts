import { element, type DetailChild, type DetailElement } from '#core/live/detail/html.ts';
import { errorsPart, permissionsPart, webhooksPart } from '#core/live/detail/operatorParts.ts';
import { section, table } from '#core/live/detail/parts.ts';
import { evidenceSection } from '#core/live/detail/render.ts';
import { clean, levelBadge, timeAgo } from '#core/live/detail/words.ts';
import { consequencesOf } from '#core/live/operators/consequences.ts';
import { partsOf } from '#core/live/operators/anatomy/examine.ts';
import type {
  ControllerAnatomy,
  DefinitionAnatomy,
  LeaseAnatomy,
  ObjectCount,
  OperatorAnatomy,
  Part,
} from '#core/live/operators/anatomy/model.ts';
import { ownedBy } from '#core/live/operators/anatomy/subject.ts';
import { isWebhookOnly, operatorTroubles } from '#core/live/operators/anatomy/troubles.ts';
import { canBeTold, recognizeOperator, watchSource } from '#core/live/operators/recognize.ts';
import { counted } from '#core/live/plainText.ts';
import type { ContextView, JudgedCluster, OperatorView } from '#core/live/view.ts';

export interface OperatorPageInput {
  readonly view: ContextView;
  readonly operator: OperatorView;
  readonly anatomy: OperatorAnatomy;
  readonly context: string;
  readonly isDemo: boolean;
  readonly now: number;
}

/** An operator whole: what it runs as, what it defines and may do, who asks it, what it watches and complains of, and whom that concerns. */
export function renderOperator(input: OperatorPageInput): DetailElement {
  const { view, operator, anatomy, now } = input;
  const { permissions, webhooks, errors, definitions, counts } = anatomy;
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    headerOf(input),
    evidenceSection(operatorTroubles(view, operator, anatomy, now), now),
    section('runs', 'Runs as', runsAs(operator, anatomy, now)),
    section('definitions', 'Definitions', definitionsPart(definitions, counts)),
    section('watches', 'Watched namespaces', watchesPart(operator)),
    section('clusters', 'Data clusters', clustersPart(view, operator)),
    section(
      'webhooks',
      'Webhooks',
      shown(webhooks, 'The webhook configurations', (value) => webhooksPart(value, operator.flavour)),
    ),
    section(
      'rights',
      'Rights',
      shown(permissions, 'Its rights', (value) => permissionsPart(value, groupsOf(view, operator))),
    ),
    section(
      'errors',
      'Last errors',
      shown(errors, 'Its log', (value) => errorsPart(value, now)),
    ),
  );
}

function headerOf({ operator, context, isDemo, anatomy, now }: OperatorPageInput): DetailElement {
  const { title, version, namespace, name, workload, health } = operator;
  const isReading = partsOf(anatomy).some(({ kind }) => kind === 'reading');
  return element(
    'header',
    {},
    element('h1', { id: 'title' }, clean(title)),
    element(
      'p',
      { class: 'origin' },
      `${version === '' ? '' : `${clean(version)}, `}${workload.kind} ${clean(name)} in namespace ${clean(namespace)} of ${clean(context)}`,
    ),
    isDemo && element('p', { class: 'note' }, 'This is a simulation inside the editor: none of it exists.'),
    element('p', { class: 'verdict', role: 'status' }, levelBadge(health.level), ` ${clean(health.sentence)}`),
    element(
      'div',
      { class: 'asked' },
      element('p', {}, isReading ? 'It is being read.' : ['It was read ', timeAgo(anatomy.askedAt, now), '.']),
      element('button', { type: 'button', 'data-action': 'read', 'data-key': 'read' }, 'Read Again'),
    ),
  );
}

/** A part of the page, or the sentence that stands in its place. @param what begins the sentence */
function shown<Value>(part: Part<Value>, what: string, render: (value: Value) => DetailChild): DetailChild {
  switch (part.kind) {
    case 'reading':
      return element('p', {}, 'This is being read.');
    case 'read':
      return render(part.value);
    case 'unread': {
      const sentence = part.isForbidden ? `${what} may not be read.` : `${what} could not be read.`;
      return element('p', { class: 'source' }, `${sentence} ${clean(part.reason)}`);
    }
  }
}

function groupsOf({ definitions }: ContextView, { flavour }: OperatorView): ReadonlySet<string> {
  return new Set(definitions.filter((definition) => definition.flavour === flavour).map(({ group }) => group));
}

function runsAs(operator: OperatorView, { controller, leases }: OperatorAnatomy, now: number): readonly DetailChild[] {
  const { workload } = operator;
  const image = recognizeOperator(workload)?.container.image ?? '';
  return [
    element(
      'dl',
      {},
      row('Replicas', `${workload.readyReplicas} of ${workload.replicas} ready`),
      row('Image', clean(image)),
      controller.kind === 'read' && [
        row('ServiceAccount', clean(controller.value.serviceAccount)),
        controller.value.strategy !== '' && row('Update strategy', clean(controller.value.strategy)),
      ],
      row(
        'Leader',
        shown(leases, 'Its leases', (value) => leaderText(value, now)),
      ),
    ),
    shown(controller, 'Its Deployment', (value) => podsTable(value, now)),
  ];
}

function row(title: string, value: DetailChild): readonly DetailElement[] {
  return [element('dt', {}, title), element('dd', {}, value)];
}

function leaderText(leases: readonly LeaseAnatomy[], now: number): DetailChild {
  if (leases.length === 0) return 'No lease of its namespace is held by one of its pods.';
  return leases.map(({ name, pod, holder, renewedAt }) =>
    element(
      'p',
      {},
      pod === undefined ? `${clean(holder)}, which is no longer there` : clean(pod),
      ` by the lease ${clean(name)}, renewed `,
      timeAgo(renewedAt, now),
    ),
  );
}

function podsTable({ pods }: ControllerAnatomy, now: number): DetailElement {
  if (pods.length === 0) return element('p', {}, 'It has no pods now.');
  return table(
    'Pods',
    [
      { title: 'Pod', isHead: true, cell: ({ name }) => clean(name) },
      { title: 'Ready', cell: ({ isReady }) => (isReady ? 'yes' : 'no') },
      { title: 'Node', cell: ({ node }) => clean(node) },
      { title: 'Made', cell: ({ createdAt }) => timeAgo(createdAt, now) },
    ],
    pods,
    ({ name }) => name,
  );
}

function definitionsPart(definitions: OperatorAnatomy['definitions'], counts: OperatorAnatomy['counts']): DetailChild {
  const byName = new Map(counts.kind === 'read' ? counts.value.map((count) => [count.definition, count]) : []);
  const objects = (name: string): string => {
    if (counts.kind === 'reading') return 'being counted';
    const count = byName.get(name);
    return count === undefined ? 'not known' : countText(count);
  };
  return [
    shown(definitions, 'The definitions of its kinds', (value) =>
      value.length === 0
        ? element('p', {}, 'None of its kinds is defined here, so there is nothing for it to do.')
        : definitionsTable(value, objects),
    ),
    counts.kind === 'unread' && shown(counts, 'The number of their objects', () => undefined),
  ];
}

function definitionsTable(definitions: readonly DefinitionAnatomy[], objects: (name: string) => string): DetailElement {
  return table(
    'Kinds that it defines',
    [
      { title: 'Kind', isHead: true, cell: ({ kind, group }) => clean(`${kind} (${group})`) },
      { title: 'Served', cell: ({ versions }) => versionsText(versions.filter(({ isServed }) => isServed)) },
      {
        title: 'Written as',
        cell: ({ versions }) =>
          clean(
            versions
              .filter(({ isStorage }) => isStorage)
              .map(({ name }) => name)
              .join(', '),
          ),
      },
      { title: 'Stored so far', cell: ({ stored, versions }) => storedText(stored, versions) },
      {
        title: 'Conversion',
        cell: ({ conversion, converter }) =>
          converter === undefined ? clean(conversion) : clean(`${conversion} ${converter.namespace}/${converter.name}`),
      },
      { title: 'Objects', isNumber: true, cell: ({ name }) => objects(name) },
    ],
    definitions,
    ({ name }) => name,
  );
}

function versionsText(versions: DefinitionAnatomy['versions']): string {
  if (versions.length === 0) return 'none';
  return clean(versions.map(({ name, isDeprecated }) => (isDeprecated ? `${name} (deprecated)` : name)).join(', '));
}

function storedText(stored: readonly string[], versions: DefinitionAnatomy['versions']): string {
  const marked = stored.map((name) => {
    const isServed = versions.some((version) => version.name === name && version.isServed);
    return isServed ? name : `${name} (not served)`;
  });
  return clean(marked.join(', '));
}

function countText({ byNamespace, isPartial }: ObjectCount): string {
  const total = [...byNamespace.values()].reduce((sum, count) => sum + count, 0);
  return isPartial ? `${total} where it may be looked` : String(total);
}

function watchesPart({ watches, workload }: OperatorView): readonly DetailChild[] {
  const found = recognizeOperator(workload);
  const source = found === undefined ? '' : watchSource(found.operator.watches, found.container);
  const text =
    watches === undefined
      ? 'Not known: neither its arguments nor its variables say it in a way that is known here.'
      : watches.length === 0
        ? 'All namespaces.'
        : clean(watches.join(', '));
  const isFixed = found !== undefined && !canBeTold(found.operator.watches);
  const unset = isFixed ? 'It has no setting that could limit them.' : 'Nothing sets it, so this is its default.';
  return [
    element('p', {}, text),
    element('p', { class: 'source' }, source === '' ? unset : `By ${clean(source)}`),
  ].slice(0, watches === undefined && source === '' ? 1 : 2);
}

function clustersPart(view: ContextView, operator: OperatorView): readonly DetailChild[] {
  const { watched, unwatched } = ownedBy(view, operator);
  const rows = [...watched, ...unwatched];
  const outside = new Set(unwatched);
  return [
    rows.length === 0
      ? element('p', {}, 'No data cluster of its kind is seen.')
      : table<JudgedCluster>(
          `${counted(rows.length, 'data cluster')} of its kind`,
          [
            {
              title: 'Data cluster',
              isHead: true,
              cell: ({ cluster }) => clean(`${cluster.namespace}/${cluster.name}`),
            },
            { title: 'Health', cell: ({ health }) => [levelBadge(health.level), ' ', clean(health.sentence)] },
            {
              title: 'Reconciled',
              cell: (judged) =>
                outside.has(judged) ? 'no: it does not watch the namespace' : reconciledText(operator),
            },
          ],
          rows,
          ({ cluster }) => cluster.key,
        ),
    element('p', { class: 'source' }, `While it is not there: ${absenceText(operator)}`),
  ];
}

function absenceText(operator: OperatorView): string {
  return isWebhookOnly(operator)
    ? 'What it is asked about is refused or passes unseen, as each of its webhooks says.'
    : consequencesOf(operator.flavour).withoutOperator;
}

function reconciledText(operator: OperatorView): string {
  const { watches, workload } = operator;
  if (isWebhookOnly(operator)) return 'by another Deployment';
  if (workload.readyReplicas === 0) return 'no: none of its replicas is ready';
  return watches === undefined ? 'not known' : 'yes';
}
