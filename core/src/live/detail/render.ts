import type { Evidence, InsideFacts, StoryMoment } from '#core/live/model.ts';
import type { LiveEvent } from '#core/live/objects.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import { eventsSection } from '#core/live/detail/eventsView.ts';
import { kafkaPicture, ringPicture } from '#core/live/detail/facts.ts';
import { element, type DetailElement, type DetailNode } from '#core/live/detail/html.ts';
import { executorsView, replicasView } from '#core/live/detail/jobViews.ts';
import { kafkaView } from '#core/live/detail/kafkaView.ts';
import { membersSection } from '#core/live/detail/membersView.ts';
import { clusterTitle, flavourTitle } from '#core/live/tree/titles.ts';
import { section } from '#core/live/detail/parts.ts';
import { failureSection, storySection, type FailureLines } from '#core/live/detail/storyView.ts';
import { ringView } from '#core/live/detail/ringView.ts';
import { clean, levelBadge, timeAgo } from '#core/live/detail/words.ts';

export interface DetailInput {
  readonly judged: JudgedCluster;
  readonly context: string;
  /** Shown on top wherever the cluster is not a real one. */
  readonly isDemo: boolean;
  /** Undefined while they are not yet known. */
  readonly events: readonly LiveEvent[] | undefined;
  /** What has happened to a job and what is ahead of it, oldest first; absent for what is no job. */
  readonly story?: readonly StoryMoment[];
  /** The lines of the log of what failed; absent where nothing failed whose log may still be there. */
  readonly failure?: FailureLines | undefined;
  /** Why what is shown may be old; empty when the connection stands. */
  readonly interruption: string;
  readonly now: number;
}

/** One data cluster whole: what is so and why, a picture of its inside, its members, and what happened lately. */
export function renderDetail(input: DetailInput): DetailElement {
  const { judged, now } = input;
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    headerOf(input),
    evidenceSection(judged.health.evidence, now),
    storySection(input.story ?? [], now),
    failureSection(input.failure, now),
    pictureSection(judged, now),
    membersSection(judged, now),
    eventsSection(input.events, now),
  );
}

/** What is shown once the cluster is no longer there, or its context no longer connected. */
export function renderAbsent(name: string, why: string): DetailElement {
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    element('h1', { id: 'title' }, clean(name)),
    element('p', { role: 'status' }, clean(why)),
  );
}

function headerOf({ judged, context, isDemo, interruption, now }: DetailInput): DetailElement {
  const { cluster, health, inside } = judged;
  const runner = flavourTitle(cluster.flavour);
  const origin = [
    clusterTitle(cluster),
    cluster.version === '' ? '' : clean(cluster.version),
    runner === '' ? '' : `(${clean(runner)})`,
    `in namespace ${clean(cluster.namespace)} of ${clean(context)}`,
  ];
  const asks = cluster.system === 'kafka' || cluster.system === 'cassandra';
  return element(
    'header',
    {},
    element('h1', { id: 'title' }, clean(cluster.name)),
    element('p', { class: 'origin' }, origin.filter((text) => text !== '').join(' ')),
    isDemo && element('p', { class: 'note' }, 'This is a simulation inside the editor: none of it exists.'),
    interruption !== '' &&
      element('p', { class: 'note' }, `The connection is interrupted, so this may be old. ${clean(interruption)}`),
    cluster.successor !== undefined && element('p', { class: 'note' }, clean(cluster.successor)),
    // Read out when it changes, and only then.
    element('p', { class: 'verdict', role: 'status' }, levelBadge(health.level), ` ${clean(health.sentence)}`),
    asks && askedLine(clusterTitle(cluster), inside, now),
  );
}

function askedLine(system: string, inside: InsideFacts | undefined, now: number): DetailElement {
  const button = element(
    'button',
    { type: 'button', 'data-action': 'inspect', 'data-key': 'inspect' },
    `Ask ${system} Now`,
  );
  if (inside === undefined) {
    return element(
      'div',
      { class: 'asked' },
      element('p', {}, `${system} itself has not been asked yet: this is what Kubernetes says.`),
      button,
    );
  }
  const outcome: readonly DetailNode[] =
    inside.facts === undefined
      ? [`${system} itself could not be asked, tried `, timeAgo(inside.askedAt, now), '.']
      : [`${system} itself was asked `, timeAgo(inside.askedAt, now), '.'];
  return element(
    'div',
    { class: 'asked' },
    element('p', {}, outcome),
    inside.problems.length > 0 &&
      element(
        'ul',
        {},
        inside.problems.map((problem) => element('li', {}, clean(problem))),
      ),
    button,
  );
}

/** Why something is judged as it is; nothing when there is nothing to say. */
export function evidenceSection(evidence: readonly Evidence[], now: number): DetailElement | undefined {
  if (evidence.length === 0) return undefined;
  return section(
    'why',
    'Why',
    element(
      'ul',
      { class: 'evidence' },
      evidence.map((one) => evidenceItem(one, now)),
    ),
  );
}

function evidenceItem({ level, text, source, member, at }: Evidence, now: number): DetailElement {
  const about = member === undefined || text.includes(member) ? '' : `${clean(member)}: `;
  return element(
    'li',
    { class: level },
    levelBadge(level),
    ` ${about}${clean(text)}`,
    element(
      'span',
      { class: 'source' },
      ` says ${sourceNames[source]}`,
      at === undefined ? '' : [', ', timeAgo(at, now)],
    ),
  );
}

const sourceNames: Readonly<Record<Evidence['source'], string>> = {
  kubernetes: 'Kubernetes',
  kafka: 'Kafka',
  cassandra: 'Cassandra',
  spark: 'Spark',
  tensorflow: 'TensorFlow',
  operator: 'the operator',
  helm: 'Helm',
};

function pictureSection(judged: JudgedCluster, now: number): DetailElement | undefined {
  const facts = judged.inside?.facts;
  const stale = judged.inside !== undefined && now - judged.inside.askedAt > STALE_MS;
  const note = stale && element('p', { class: 'note' }, 'This picture is some minutes old.');
  switch (judged.cluster.system) {
    case 'kafka': {
      const picture = kafkaPicture(facts);
      return picture && section('picture', 'Partitions and brokers', note, kafkaView(picture));
    }
    case 'cassandra': {
      const picture = ringPicture(facts);
      return picture && section('picture', 'Ring', note, ringView(picture));
    }
    case 'spark':
      return section('picture', 'Executors over time', executorsView(judged, now));
    case 'tfjob':
      return section('picture', 'Replicas', replicasView(judged));
  }
}

const STALE_MS = 3 * 60_000;
