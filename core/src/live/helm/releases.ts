import { ago, duration } from '#core/live/durations.ts';
import { judge, type Judgement, type StateRow } from '#core/live/jobs/judgement.ts';
import { groupBy } from '#core/live/jobs/podIndex.ts';
import { ordinalOf } from '#core/live/jobs/parts.ts';
import type { Health } from '#core/live/model.ts';
import type { LiveMetadata } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import type { HelmRelease, HelmRevision } from '#core/live/view.ts';

/** Name of the Secret or ConfigMap of a revision; Helm 2 wrote others, which nobody can use any more. */
const STORED_NAME = /^sh\.helm\.release\.v1\..+\.v\d+$/;

/** Without `--timeout` Helm waits five minutes; twice that is no longer slow but stuck. */
const PATIENCE_MS = 600_000;

export interface HelmObjects {
  readonly namespace: string;
  /** Metadata of the Secrets or ConfigMaps with the label `owner=helm`; others do no harm. */
  readonly helmSecrets: readonly LiveMetadata[];
}

/** The releases of a namespace by name, from labels alone: nothing is decoded. */
export function viewReleases({ namespace, helmSecrets }: HelmObjects, now: number): readonly HelmRelease[] {
  const stored = helmSecrets.filter(({ meta }) => STORED_NAME.test(meta.name) && meta.labels['owner'] === 'helm');
  const releases = [...groupBy(stored, ({ meta }) => meta.labels['name'])].map(([name, own]) => {
    const revisions = own.map(readRevision).toSorted((a, b) => b.revision - a.revision);
    return { namespace, name, revisions, health: judgeRelease(revisions, now) };
  });
  return releases.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function readRevision({ of, meta }: LiveMetadata): HelmRevision {
  const { labels, name } = meta;
  const seconds = ordinalText(labels['modifiedAt']) ?? ordinalText(labels['createdAt']);
  return {
    revision: ordinalOf(labels['version']) ?? ordinalOf(/\.v(\d+)$/.exec(name)?.[1]) ?? 0,
    status: plainText(labels['status'] ?? '', 40) || 'unknown',
    modifiedAt: seconds === undefined ? meta.createdAt : seconds * 1_000,
    secret: name,
    uid: meta.uid,
    resourceVersion: meta.resourceVersion,
    ...(of === 'ConfigMap' ? { isConfigMap: true } : {}),
  };
}

/** Seconds since 1970, which have ten digits. */
function ordinalText(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

interface ReleaseView {
  readonly newest: HelmRevision;
  readonly deployed: HelmRevision | undefined;
  readonly revisions: readonly HelmRevision[];
  readonly now: number;
}

/** By the status of the newest revision. Source: the release statuses of Helm 3 and 4. */
const states: ReadonlyMap<string, StateRow<ReleaseView>> = new Map<string, StateRow<ReleaseView>>([
  ['deployed', { level: 'healthy', text: (view) => `revision ${view.newest.revision} deployed${since(view)}` }],
  [
    'failed',
    {
      level: ({ deployed }) => (deployed === undefined ? 'unhealthy' : 'warning'),
      text: (view) => `revision ${view.newest.revision} failed${since(view)}; ${whatIsDeployed(view)}`,
    },
  ],
  ['pending-install', pending('the installation was interrupted, or still waits')],
  ['pending-upgrade', pending('the upgrade was interrupted, or still waits')],
  ['pending-rollback', pending('the rollback was interrupted, or still waits')],
  ['uninstalling', pending('the removal was interrupted, or still waits')],
  ['uninstalled', { level: 'done', text: (view) => `uninstalled${since(view)}, its history is kept` }],
  [
    'superseded',
    {
      level: 'warning',
      text: (view) =>
        `revision ${view.newest.revision} is superseded although it is the newest; ${whatIsDeployed(view)}`,
    },
  ],
]);

/** Helm refuses to begin anything else on such a release, and never gives up by itself: issues 4558 and 8987 of Helm. */
function pending(reason: string): StateRow<ReleaseView> {
  return {
    level: (view) => (isStuck(view) ? 'warning' : 'working'),
    text: (view) => {
      const { newest, now } = view;
      const length = newest.modifiedAt === undefined ? '' : ` for ${duration(now - newest.modifiedAt)}`;
      const state = `revision ${newest.revision} is ${newest.status}${length}`;
      return isStuck(view)
        ? `${state}: ${reason}, and Helm begins nothing else meanwhile; ${whatIsDeployed(view)}`
        : state;
    },
  };
}

function isStuck({ newest, now }: ReleaseView): boolean {
  return newest.modifiedAt !== undefined && now - newest.modifiedAt >= PATIENCE_MS;
}

function judgeRelease(revisions: readonly HelmRevision[], now: number): Health {
  const [newest] = revisions;
  if (newest === undefined) return healthOf({ level: 'unknown', text: 'no revision can be read' });
  const view: ReleaseView = { newest, deployed: revisions.find(({ status }) => status === 'deployed'), revisions, now };
  const row = states.get(newest.status);
  return healthOf(
    row === undefined
      ? { level: 'unknown', text: `revision ${newest.revision} is ${newest.status}` }
      : judge(row, view),
  );
}

function healthOf({ level, text }: Judgement): Health {
  return { level, sentence: text, evidence: [{ level, text, source: 'helm' }] };
}

function since({ newest, now }: ReleaseView): string {
  return newest.modifiedAt === undefined ? '' : ` ${ago(now - newest.modifiedAt)}`;
}

function whatIsDeployed({ deployed }: ReleaseView): string {
  return deployed === undefined ? 'no revision is deployed' : `revision ${deployed.revision} is deployed`;
}
