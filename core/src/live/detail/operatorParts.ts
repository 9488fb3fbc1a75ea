import { element, type DetailChild, type DetailElement } from '#core/live/detail/html.ts';
import { table } from '#core/live/detail/parts.ts';
import { clean, timeAgo } from '#core/live/detail/words.ts';
import { duration } from '#core/live/durations.ts';
import { consequencesOf } from '#core/live/operators/consequences.ts';
import { ageOf, CURRENT_MS, type ErrorAge } from '#core/live/operators/anatomy/errorAge.ts';
import type { ErrorAnatomy, GrantRule, PermissionAnatomy, WebhookAnatomy } from '#core/live/operators/anatomy/model.ts';
import { weighRules, type WeighedRule } from '#core/live/operators/anatomy/permissions.ts';
import { counted } from '#core/live/plainText.ts';

/** More than these nobody reads. */
const MOST_RULES = 60;

export function webhooksPart(webhooks: readonly WebhookAnatomy[], flavour: string): readonly DetailChild[] {
  const { needsPodWebhook, withoutPodWebhook } = consequencesOf(flavour);
  const note =
    needsPodWebhook === true &&
    `It needs one that changes pods: without it, ${withoutPodWebhook ?? 'they lack what it adds'}.`;
  return [
    webhooks.length === 0
      ? element('p', {}, 'The API server asks no webhook of it.')
      : table(
          'Webhooks that the API server asks at its services',
          [
            { title: 'Webhook', isHead: true, isLong: true, cell: ({ name, type }) => clean(`${name} (${type})`) },
            {
              title: 'Asked about',
              isLong: true,
              cell: ({ rules, isSelective }) => clean(`${rules.join('; ')}${isSelective ? ', some of them only' : ''}`),
            },
            { title: 'Service', cell: ({ service }) => clean(service.name) },
            { title: 'Ready behind it', cell: endpointsText },
            { title: 'When it does not answer', cell: policyText },
          ],
          webhooks,
          ({ configuration, name, type }) => `${type}/${configuration}/${name}`,
        ),
    note !== false && element('p', { class: 'source' }, note),
  ];
}

function endpointsText({ endpoints }: WebhookAnatomy): string {
  return endpoints === undefined ? 'not known' : String(endpoints);
}

function policyText({ failurePolicy }: WebhookAnatomy): string {
  return failurePolicy === 'Ignore'
    ? 'Ignore: what it should see passes unseen'
    : `${clean(failurePolicy)}: the write is refused`;
}

export function permissionsPart(permissions: PermissionAnatomy, groups: ReadonlySet<string>): readonly DetailChild[] {
  const { account, grants, limits } = permissions;
  const { rules, others } = weighRules(grants, groups);
  const shown = rules.slice(0, MOST_RULES);
  const rest = others + rules.length - shown.length;
  const lost = grants.filter((grant) => grant.rules === undefined);
  return [
    element('p', {}, `ServiceAccount ${clean(account)}, ${counted(grants.length, 'role')} bound to it.`),
    shown.length > 0 &&
      table(
        rest === 0 ? 'Rules that matter' : `Rules that matter; ${counted(rest, 'other')} not shown`,
        [
          { title: 'What it means', isHead: true, isLong: true, cell: ({ why }) => clean(why.join(', ')) },
          { title: 'Resources', isLong: true, cell: ({ rule }) => clean(resourcesText(rule)) },
          { title: 'Verbs', isLong: true, cell: ({ rule }) => clean(rule.verbs.join(', ')) },
          { title: 'Where', cell: ({ grant }) => clean(grant.namespace ?? 'everywhere') },
          { title: 'Role', isLong: true, cell: ({ grant }) => clean(`${grant.role} by ${grant.binding}`) },
        ],
        shown,
        keyOf,
      ),
    limits.length + lost.length > 0 &&
      element('ul', { class: 'source' }, [
        ...limits.map((limit) => element('li', {}, clean(limit))),
        ...lost.map(({ role, binding }) =>
          element('li', {}, clean(`${binding} names ${role}, whose rules are not known.`)),
        ),
      ]),
  ];
}

function keyOf({ grant, rule }: WeighedRule): string {
  return `${grant.binding}/${grant.namespace ?? ''}/${resourcesText(rule)}/${rule.verbs.join(',')}`;
}

function resourcesText({ groups, resources, names }: GrantRule): string {
  const named = names.length === 0 ? '' : ` named ${names.join(', ')}`;
  const own = groups.filter((group) => group !== '');
  return `${resources.join(', ')}${own.length === 0 ? '' : ` of ${own.join(', ')}`}${named}`;
}

export function errorsPart({ lines, looked, limits }: ErrorAnatomy, now: number): readonly DetailChild[] {
  const note =
    limits.length > 0 &&
    element(
      'ul',
      { class: 'source' },
      limits.map((limit) => element('li', {}, clean(limit))),
    );
  if (lines.length === 0)
    return [element('p', {}, `No errors in the last ${counted(looked, 'line')} of its log.`), note];
  return [...parts.flatMap((part) => errorsTable(part, lines, looked, now)), note];
}

interface ErrorsPart {
  readonly age: ErrorAge;
  readonly caption: (looked: string) => string;
}

const parts: readonly ErrorsPart[] = [
  { age: 'current', caption: (looked) => `Errors among the last ${looked} of its log, newest first` },
  { age: 'undated', caption: (looked) => `Errors among the last ${looked} of its log whose time is not known` },
  {
    age: 'past',
    caption: (looked) =>
      `Past errors among the last ${looked} of its log: silent for more than ${duration(CURRENT_MS)}, they no longer count`,
  },
];

function errorsTable(
  { age, caption }: ErrorsPart,
  lines: ErrorAnatomy['lines'],
  looked: number,
  now: number,
): readonly DetailElement[] {
  const own = lines.filter((line) => ageOf(line, now) === age);
  if (own.length === 0) return [];
  return [
    table(
      caption(counted(looked, 'line')),
      [
        { title: 'Last', cell: ({ at }) => timeAgo(at, now) },
        { title: 'Error', isHead: true, isLong: true, cell: ({ text }) => clean(text) },
        { title: 'Times', isNumber: true, cell: ({ count }) => String(count) },
        { title: 'Pod', cell: ({ pod }) => clean(pod) },
      ],
      own,
      ({ text, pod }) => `${pod}/${text.slice(0, 80)}`,
    ),
  ];
}
